// A use of a block → its statements, written where the use stands, with its inputs and attributes put in.

import type { TextEdit } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { Argument, BlockDeclaration, Expression, PipelineExpression, Statement } from "../ast";
import { isAttribute } from "../navigation/names";
import { withEdits } from "../rename";
import { walk } from "../syntax-tree";
import { isSplittable, split } from "./add";
import { type Body, isInside, type Place } from "./body";
import { Draft } from "./draft";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

export function expansion(scene: Scene, instance: string): Intended {
  const draft = new Draft(scene.source.text);
  const item = scene.item(instance);
  const what = `Expanding ${item.title}`;
  if (item.instance === undefined)
    refuse(`${item.title} is a value, not a use of a block: only those can be expanded.`);
  const block = scene.callable(item.instance!.block);
  if (block?.kind !== "block") {
    return refuse(`The block ${item.instance!.block} stands in another file: copy it here to expand it.`);
  }
  const result = block.body.find((statement) => statement.kind === "return");
  const [output] = result?.kind === "return" ? result.outputs : [];
  if (output === undefined || result?.kind !== "return" || result.outputs.length > 1) {
    return refuse(`${block.name.name} returns several values: it can only be expanded in the text.`);
  }
  const use = writtenUse(scene, item);
  const source = onlyPipeline(scene, block, output.value);
  if (source !== undefined && use.place.kind === "stage") inlineStages(scene, draft, item, use, block, source);
  else writeStatements(scene, draft, item, use, block, output.value);
  const names = scene.network.values.flatMap((value) => (value.name === undefined ? [] : [value.name]));
  return { draft, what, change: unchanged, mayLoseName: names };
}

interface Use {
  readonly place: Extract<Place, { kind: "stage" | "expression" }>;
  readonly written: readonly Argument[];
}

function writtenUse(scene: Scene, { place, body, title, range, instance }: Item): Use {
  if (place.kind !== "stage" && place.kind !== "expression") return refuse(`${title} is no use of a block.`);
  const call = place.kind === "stage" ? body.stage(place).call : place.expression;
  const line = scene.line(range);
  if (place.kind === "stage" && body.stage(place).repeat) {
    refuse(`${title} in line ${line} is repeated: write its uses one by one to expand one of them.`);
  }
  if (call.kind !== "call" && call.kind !== "name") return refuse(`${title} in line ${line} is no call.`);
  const callee = call.kind === "call" ? call.callee.name : call.name;
  if (callee !== instance!.block) {
    refuse(
      `${title} in line ${line} shares its weights with other uses of ${callee}: expanded, it would have its own.`,
    );
  }
  return { place, written: call.kind === "call" ? call.arguments : [] };
}

/** When all that a block says is one pipeline from its only input. */
function onlyPipeline(scene: Scene, block: BlockDeclaration, output: Expression): PipelineExpression | undefined {
  const inputs = block.inputs.filter((input) => !isAttribute(input));
  if (block.body.length !== 1 || inputs.length !== 1 || output.kind !== "pipeline") return undefined;
  const name = inputs[0]!.name.name;
  const uses = scene.occurrences.filter(
    ({ range, symbol, defines }) => !defines && symbol.name === name && isInside(range, block.range),
  );
  return output.source.kind === "name" && output.source.name === name && uses.length === 1 ? output : undefined;
}

function inlineStages(
  scene: Scene,
  draft: Draft,
  item: Item,
  use: Use,
  block: BlockDeclaration,
  { stages }: PipelineExpression,
): void {
  const { body } = item;
  const place = use.place as Extract<Place, { kind: "stage" }>;
  const stage = body.stage(place);
  // Its only input is the source of the pipeline, which stays outside.
  const copy = copyOf(scene, item, use, block, [""]);
  const lead = draft.leadOf(place.pipeline, place.index);
  const texts = stages.map(({ range, alias }, index) => {
    const isLast = index === stages.length - 1;
    const outside = stage.alias?.name;
    if (!isLast || alias === undefined || outside === undefined) return copy(range);
    return copy({ start: range.start, end: alias.range.start }).replace(/\s*\bas\s*$/, "");
  });
  const alias = stage.alias ? ` as ${stage.alias.name}` : "";
  draft.replace(stage.range, texts.join(lead) + alias);
}

function writeStatements(
  scene: Scene,
  draft: Draft,
  item: Item,
  use: Use,
  block: BlockDeclaration,
  output: Expression,
): void {
  const { body } = item;
  const { place } = use;
  const statements = block.body.filter((statement) => statement.kind !== "return");
  const lines = (copy: (range: Range) => string): string[] =>
    statements.map((statement: Statement) => copy(statement.range));
  if (place.kind === "expression") {
    const copy = copyOf(scene, item, use, block, []);
    for (const line of lines(copy)) draft.insertLineBefore(place.slot.statement, line);
    const simple = output.kind === "name" || output.kind === "call" || place.slot.context === "open";
    draft.replace(place.expression.range, simple ? copy(output.range) : `(${copy(output.range)})`);
    return;
  }
  const { pipeline, index, slot } = place;
  const stage = body.stage(place);
  const lead = draft.lineEnd + draft.indentOf(slot.statement.range.start);
  const name = stage.alias?.name ?? scene.fresh(body, block.name.name);
  const result = (copy: (range: Range) => string): string[] => [...lines(copy), `${name} = ${copy(output.range)}`];
  if (index === 0 && (pipeline.source.kind === "name" || pipeline.source.kind === "tuple")) {
    const given = pipeline.source.kind === "tuple" ? pipeline.source.elements : [pipeline.source];
    const copy = copyOf(
      scene,
      item,
      use,
      block,
      given.map((part) => inputText(body, part)),
    );
    for (const line of result(copy)) draft.insertLineBefore(slot.statement, line);
    draft.replace({ start: pipeline.range.start, end: stage.range.end }, name);
    return;
  }
  if (!isSplittable(body, slot)) {
    refuse(
      `${item.title} in line ${scene.line(item.range)} stands inside of an expression: give it a statement of its own to expand it.`,
    );
  }
  const flow = { kind: "flow", pipeline, before: index, slot } as const;
  split(scene, draft, body, flow, (piece) => {
    const copy = copyOf(scene, item, use, block, [piece]);
    return { text: name, statement: result(copy).join(lead) };
  });
  draft.removeStage(stage.range);
}

function inputText(body: Body, expression: Expression): string {
  if (expression.kind === "name") return expression.name;
  return refuse(`${body.textOf(expression.range)} has no name: give it one to expand the block that takes it.`);
}

/** Copies the block's text with names that are free in the body, inputs and attributes put in, comments left out. */
function copyOf(
  scene: Scene,
  { body }: Item,
  { written }: Use,
  block: BlockDeclaration,
  piped: readonly string[],
): (range: Range) => string {
  const inputs = block.inputs.filter((input) => !isAttribute(input));
  const attributes = block.inputs.filter(isAttribute);
  const unnamed = written.filter(({ name }) => name === undefined);
  const given = new Map<string, string>();
  const named = new Map(written.flatMap(({ name, value }) => (name ? [[name.name, value] as const] : [])));
  let position = 0;
  for (const [index, { name }] of inputs.entries()) {
    const argument = named.get(name.name);
    const text = piped[index] ?? (argument ? inputText(body, argument) : undefined);
    const next = text === undefined ? unnamed[position++]?.value : undefined;
    if (text !== undefined) given.set(name.name, text);
    else if (next !== undefined) given.set(name.name, inputText(body, next));
  }
  for (const { name, default: preset } of attributes) {
    const argument = named.get(name.name) ?? unnamed[position++]?.value ?? preset;
    if (argument) given.set(name.name, scene.source.text.slice(argument.range.start, argument.range.end));
  }
  const operands = new Set<number>();
  walk(block, (node, parent) => {
    if (parent?.kind === "binary" || parent?.kind === "unary") operands.add(node.range.start);
  });
  const renamed = new Map<string, string>();
  const edits = scene.occurrences.flatMap(({ range, symbol, defines }): TextEdit[] => {
    if (!isInside(range, block.range) || !isInside(symbol.nameRange, block.range)) return [];
    if (symbol.kind === "block" || symbol.kind === "network" || symbol.kind === "weight") return [];
    const known = given.get(symbol.name) ?? renamed.get(symbol.name);
    const isOperand = operands.has(range.start) && known !== undefined && /[^\p{L}\p{Nd}_.]/u.test(known);
    if (known !== undefined) return [{ range, newText: isOperand ? `(${known})` : known }];
    if (!defines && symbol.kind === "output") return [];
    const fresh = scene.free(body, symbol.name);
    renamed.set(symbol.name, fresh);
    return [{ range, newText: fresh }];
  });
  const comments = scene.source.file.comments.map(({ range }) => ({ range, newText: "" }));
  const all = [...edits, ...comments].sort((a, b) => a.range.start - b.range.start);
  return (range) => {
    const inside = all.filter((edit) => isInside(edit.range, range));
    const moved = inside.map((edit) => ({
      newText: edit.newText,
      range: { start: edit.range.start - range.start, end: edit.range.end - range.start },
    }));
    return withEdits(scene.source.text.slice(range.start, range.end), moved).replaceAll(/[ \t]+(?=\r?\n)/g, "");
  };
}
