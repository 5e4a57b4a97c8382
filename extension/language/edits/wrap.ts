// A selection → a block of its own, used once in its place. What is selected must stand together: stages that follow one
// another, or statements that do. Its text moves as it is, comments included.

import type { ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { BindingStatement, InputDeclaration, PipelineExpression } from "../ast";
import { type Body, isInside, keyOf, type Slot, usesOf } from "./body";
import { Draft } from "./draft";
import { freeNames } from "./free-names";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

export function wrapping(scene: Scene, ids: readonly ValueId[], name: string): Intended {
  const draft = new Draft(scene.source.text);
  const items = ids.map((id) => scene.item(id));
  const [first] = items;
  if (first === undefined) return refuse("Nothing is selected: select the values of the block first.");
  for (const item of items) scene.requireSameBody(first, item);
  const stages = stretchOf(items);
  if (stages) wrapStages(scene, draft, first.body, stages, name);
  else wrapStatements(scene, draft, first.body, items, name);
  const names = scene.network.values.flatMap((value) => (value.name === undefined ? [] : [value.name]));
  return { draft, what: `The block ${name}`, change: unchanged, mayLoseName: names };
}

interface Stretch {
  readonly pipeline: PipelineExpression;
  readonly slot: Slot;
  readonly first: number;
  readonly last: number;
}

/** Undefined when they are no stages that follow one another. */
function stretchOf(items: readonly Item[]): Stretch | undefined {
  const places = items.map(({ place }) => place);
  const [start] = places;
  if (start?.kind !== "stage") return undefined;
  const { pipeline, slot } = start;
  const indices = new Set<number>();
  for (const place of places) {
    if (place.kind !== "stage" || place.pipeline !== pipeline) return undefined;
    indices.add(place.index);
  }
  const first = Math.min(...indices);
  const last = Math.max(...indices);
  const takesOne = first > 0 || pipeline.source.kind !== "tuple";
  return indices.size === last - first + 1 && takesOne ? { pipeline, slot, first, last } : undefined;
}

function wrapStages(scene: Scene, draft: Draft, body: Body, { pipeline, first, last }: Stretch, name: string): void {
  const { stages } = pipeline;
  const range = { start: stages[first]!.range.start, end: stages[last]!.range.end };
  const alias = stages[last]!.alias?.name;
  for (const stage of stages.slice(first, last)) {
    if (stage.alias) requireOnlyInside(scene, body, stage.alias.name, range);
  }
  const { values, attributes } = freeNames(scene, { body }, range);
  const inside = new Set([...values, ...attributes.map((input) => input.name.name), ...namesBoundIn(scene, range)]);
  const input = inside.has("x") ? scene.fresh(body, "x") : "x";
  const lead = draft.lineStart(range.start) ?? " ";
  const lines = [`return ${input}${lead}${body.textOf(range)}`];
  declareBlock(draft, body, name, [input, ...values], attributes, lines);
  const given = [...values, ...attributes.map((attribute) => attribute.name.name)];
  const call = given.length === 0 ? name : `${name}(${given.join(", ")})`;
  draft.replace(range, `-> ${call}${alias === undefined ? "" : ` as ${alias}`}`);
}

function wrapStatements(scene: Scene, draft: Draft, body: Body, items: readonly Item[], name: string): void {
  const statements = selectedStatements(scene, body, items);
  const range = { start: statements[0]!.range.start, end: statements.at(-1)!.range.end };
  const bound = namesBoundIn(scene, range);
  const outputs = bound.filter((candidate) => isUsedOutside(scene, body, candidate, range));
  const [output] = outputs.length === 0 ? bound.slice(-1) : outputs;
  if (outputs.length > 1) {
    refuse(
      `${outputs.join(" and ")} are used outside of what is selected: a block that is wrapped gives one value. Select what uses them too.`,
    );
  }
  const { values, attributes } = freeNames(scene, { body }, range);
  if (values.length === 0) refuse(`What is selected takes no value from outside: a block needs an input.`);
  declareBlock(draft, body, name, values, attributes, [body.textOf(range), `return ${output}`]);
  const given = [...values, ...attributes.map((attribute) => attribute.name.name)];
  draft.replace(range, `${output} = ${name}(${given.join(", ")})`);
}

/** Bindings that follow one another, each with all of its values selected. */
function selectedStatements(scene: Scene, body: Body, items: readonly Item[]): readonly BindingStatement[] {
  const together = "Select stages that follow one another, or all values of statements that do.";
  const selected = new Set(items.map(({ range }) => keyOf(range)));
  const touched = body.declaration.body.filter((statement) =>
    items.some(({ range }) => isInside(range, statement.range)),
  );
  const start = body.declaration.body.indexOf(touched[0]!);
  const statements = touched.flatMap((statement, index) =>
    statement.kind === "binding" && body.declaration.body[start + index] === statement ? [statement] : [],
  );
  if (statements.length === 0 || statements.length !== touched.length) {
    return refuse(`The selected values do not stand together in the text. ${together}`);
  }
  for (const { range, id, title, source } of [
    ...scene.network.values,
    ...(scene.network.blocks ?? []).map((use) => ({ ...use, id: use.instance, title: use.block, source: undefined })),
  ]) {
    const isThere = statements.some((statement) => isInside(range, statement.range));
    if (!isThere || selected.has(keyOf(range)) || source?.kind === "constant") continue;
    refuse(`${title} (${id}) stands between the selected values in line ${scene.line(range)}. ${together}`);
  }
  return statements;
}

function namesBoundIn(scene: Scene, range: Range): string[] {
  const found = scene.occurrences.filter(({ defines, range: place }) => defines && isInside(place, range));
  return [...new Set(found.map(({ symbol }) => symbol.name))];
}

function isUsedOutside(scene: Scene, body: Body, name: string, range: Range): boolean {
  const { slots, members, elsewhere } = usesOf(body, name, scene.occurrences);
  const all = [...slots.map(({ expression }) => expression.range), ...members, ...elsewhere];
  return all.some((place) => !isInside(place, range));
}

function requireOnlyInside(scene: Scene, body: Body, name: string, range: Range): void {
  if (!isUsedOutside(scene, body, name, range)) return;
  refuse(`${name} is used outside of what is selected: select what uses it too, or end the selection with ${name}.`);
}

/** In front of the declaration that uses it, and of the comment that documents that. */
function declareBlock(
  draft: Draft,
  body: Body,
  name: string,
  inputs: readonly string[],
  attributes: readonly InputDeclaration[],
  lines: readonly string[],
): void {
  const types = attributes.map(
    ({ name: attribute, annotation }) =>
      `${attribute.name}: ${annotation.kind === "type" ? annotation.type.name : "float"}`,
  );
  const head = `block ${name}(${[...inputs, ...types].join(", ")}) {`;
  const text = [head, ...lines.map((line) => `  ${line}`), "}", ""].join(draft.lineEnd);
  draft.insertLineBefore(body.declaration, text);
}
