// Changes that remove the cause of an error, found after lowering: for shapes that do not fit, the number that would.

import { documentation, expectedBy, namesOf } from "../../../engine/model/catalog";
import { inferLayer, type SampleShape } from "../../../engine/model/infer";
import { formatShape, ShapeError, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { DataSummary } from "../../../engine/protocol/data";
import type { Diagnostic, Fix, TextEdit } from "../../../engine/protocol/diagnostic";
import type { DataDeclaration, Module, Network, Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { CheckDeclaration, Expression, SourceFile, Statement, TrainDeclaration } from "../ast";
import type { Code } from "../diagnostics";
import { isImported, layerWith, NetworkView, traitsOfValue } from "./network-view";
import { insertion, type SourceEdits, sameRange } from "./source-edits";

/** What fixes look at. */
export interface World {
  readonly file: SourceFile;
  readonly module: Module;
  readonly edits: SourceEdits;
  summaryOf(data: DataDeclaration): DataSummary | undefined;
}

type Fixer = (diagnostic: Diagnostic, world: World) => readonly (Fix | undefined)[];

const fixers: { readonly [C in Code]?: Fixer } = {
  shape: fixShape,
  "data-shape": fixDataShape,
  "loss-shape": fixLossShape,
  "class-count": fixClassCount,
  "parameter-shape": fixParameterShape,
  "unused-value": ({ range }, { file, edits }) => [removeStatement(file, edits, range)],
  "missing-return": fixMissingReturn,
  "duplicate-entry": fixDuplicateEntry,
  "needs-loss": (diagnostic, world) => [addToCheck(diagnostic, world, `loss: ${namesOf("loss")[0]}`)],
  "needs-optimizer": (diagnostic, world) => [addToCheck(diagnostic, world, `optimizer: ${namesOf("optimizer")[0]}`)],
};

/** Fixes for a diagnostic of lowering that has none yet. */
export function fixesFor(diagnostic: Diagnostic, world: World): readonly Fix[] {
  const fixer = Object.hasOwn(fixers, diagnostic.code) ? fixers[diagnostic.code as Code] : undefined;
  return fixer === undefined ? [] : fixer(diagnostic, world).filter((fix) => fix !== undefined);
}

/** Gives the layer that decides the last dimension of a value as many outputs. */
export function setWidth(edits: SourceEdits, view: NetworkView, value: Value, size: number): Fix | undefined {
  const keepsWidth = (next: Value): boolean => {
    const { role } = traitsOfValue(next);
    return role === "activation" || role === "regularization" || role === "normalization";
  };
  for (const source of view.backwards(value, keepsWidth)) {
    const { width } = traitsOfValue(source);
    if (width !== undefined) return size < 1 ? undefined : edits.setArgument(source, width, String(size));
  }
  return undefined;
}

// Shapes.

function fixShape({ range }: Diagnostic, { module, edits, file }: World): readonly (Fix | undefined)[] {
  for (const network of module.networks) {
    const value = network.values.find(
      (candidate) => candidate.shape === undefined && sameRange(candidate.range, range),
    );
    if (value === undefined) continue;
    const view = new NetworkView(network);
    if (value.source.kind === "layer") return fixLayerInput(view, value, edits, file);
    if (value.source.kind !== "operation") return [];
    const [left, right] = value.source.inputs.map((id) => view.get(id));
    if (left?.shape === undefined || right?.shape === undefined) return [];
    const parts = { left: left as Shaped, right: right as Shaped };
    return value.source.function === "matmul"
      ? fixProduct(view, value, parts, edits, file)
      : fixBroadcast(view, parts, edits);
  }
  return [];
}

type Shaped = Value & { readonly shape: Shape };

interface Sides {
  readonly left: Shaped;
  readonly right: Shaped;
}

/** left [… a] @ right [b, c] with a ≠ b. */
function fixProduct(
  view: NetworkView,
  value: Value,
  { left, right }: Sides,
  edits: SourceEdits,
  file: SourceFile,
): readonly (Fix | undefined)[] {
  const given = left.shape.at(-1);
  const needed = right.shape.at(-2) ?? right.shape[0];
  if (given === undefined || needed === undefined) return [];
  const turned = right.shape.length === 2 && right.shape[1] === given ? edits.binary(value.range)?.right : undefined;
  const transposed: Fix | undefined = turned?.kind === "name" ? transpose(turned.name, turned.range) : undefined;
  const axis = Math.max(0, right.shape.length - 2);
  return [transposed, setWidth(edits, view, left, needed), declareSize(file, edits, right, axis, given)];
}

function transpose(name: string, range: Range): Fix {
  return { title: `Change to ${name}.T`, edits: [insertion(range.end, ".T")] };
}

/** Two vectors of different length. */
function fixBroadcast(view: NetworkView, { left, right }: Sides, edits: SourceEdits): readonly (Fix | undefined)[] {
  const [one, other] = [left.shape.at(-1), right.shape.at(-1)];
  if (one === undefined || other === undefined || left.shape.length > 1 || right.shape.length > 1) return [];
  return [setWidth(edits, view, left, other), setWidth(edits, view, right, one)];
}

function fixLayerInput(
  view: NetworkView,
  value: Value,
  edits: SourceEdits,
  file: SourceFile,
): readonly (Fix | undefined)[] {
  const input = view.inputOf(value);
  if (input?.shape === undefined || value.source.kind !== "layer") return [];
  if (input.shape.length === 0 && input.source.kind === "input") return [declareInput(file, view.network, input, [1])];
  const doc = documentation("layer", value.source.layer)?.arguments.find(({ type }) => type.kind === "shape");
  const shape = doc && value.source.arguments[doc.name];
  if (!isShape(shape)) return [];
  // One size that makes the numbers fit, the last one first.
  const size = sizeOf(input.shape);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const others = sizeOf(shape.filter((_, other) => other !== axis));
    if (size % others !== 0) continue;
    const fitting = shape.map((old, other) => (other === axis ? size / others : old));
    return [edits.setArgument(value, doc!.name, formatShape(fitting))];
  }
  return [];
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.every((size) => typeof size === "number");
}

/** Another size in the declaration of a parameter that an initializer fills. */
function declareSize(
  file: SourceFile,
  edits: SourceEdits,
  { source, nameRange }: Value,
  axis: number,
  size: number,
): Fix | undefined {
  if (source.kind !== "parameter" || nameRange === undefined) return undefined;
  const statement = statementNamed(file, nameRange);
  if (statement?.kind !== "parameter" || statement.initializer?.kind === "list") return undefined;
  const dimension = statement.shape?.dimensions[axis];
  if (dimension === undefined) return undefined;
  const name = edits.textOf(nameRange);
  return {
    title: `Declare ${name} with ${size} instead of ${edits.textOf(dimension.range)}`,
    edits: [{ range: dimension.range, newText: String(size) }],
  };
}

function declareInput(file: SourceFile, network: Network, input: Value, shape: Shape): Fix | undefined {
  const declaration = file.declarations.find(
    (candidate) => candidate.kind === "network" && sameRange(candidate.name.range, network.nameRange),
  );
  if (declaration?.kind !== "network") return undefined;
  const written = declaration.inputs.find(({ name }) => sameRange(name.range, input.range));
  const { annotation, name } = written ?? {};
  if (annotation === undefined || name === undefined) return undefined;
  const text = formatShape(shape);
  const title = `Declare ${name.name}: ${text}`;
  if (annotation.kind === "none") return { title, edits: [insertion(name.range.end, `: ${text}`)] };
  const isPlain = annotation.kind === "shape" && annotation.dimensions.every(({ kind }) => kind === "number");
  return isPlain ? { title, edits: [{ range: annotation.range, newText: text }] } : undefined;
}

function fixParameterShape({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    for (const statement of declaration.body) {
      if (statement.kind !== "parameter" || statement.shape === undefined || statement.initializer === undefined) {
        continue;
      }
      const { name, shape, initializer } = statement;
      if (!sameRange(initializer.range, range)) continue;
      const text = formatShape(literalShape(initializer));
      if (edits.textOf(shape.range) === text) return [];
      return [{ title: `Declare ${name.name}: ${text}`, edits: [{ range: shape.range, newText: text }] }];
    }
  }
  return [];
}

function literalShape(expression: Expression): number[] {
  if (expression.kind !== "list") return [];
  const [first] = expression.elements;
  return [expression.elements.length, ...(first === undefined ? [] : literalShape(first))];
}

// Trainings.

interface TrainingParts {
  readonly declaration: TrainDeclaration;
  readonly view: NetworkView;
  readonly data: DataDeclaration;
  readonly summary: DataSummary;
}

/** The training that has an error at a place, as far as its own file declares it. */
function trainingAt(range: Range, { file, module, summaryOf }: World): TrainingParts | undefined {
  const declaration = file.declarations.find(
    (candidate) =>
      candidate.kind === "train" && candidate.range.start <= range.start && range.end <= candidate.range.end,
  );
  if (declaration?.kind !== "train") return undefined;
  const network = module.networks.find(({ name }) => name === declaration.network.name);
  const data = module.data.find(({ name }) => name === declaration.data.name);
  const summary = data && summaryOf(data);
  if (network === undefined || isImported(network) || data === undefined || summary === undefined) {
    return undefined;
  }
  return { declaration, view: new NetworkView(network), data, summary };
}

function fixClassCount({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  const output = training?.view.output;
  const classes = training?.summary.classes?.length;
  if (training === undefined || output === undefined || classes === undefined) return [];
  return [setWidth(world.edits, training.view, output, classes)];
}

function fixDataShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  if (training === undefined) return [];
  const { view, data, summary } = training;
  const input = view.network.values.find(({ source }) => source.kind === "input");
  if (input?.shape === undefined) return [];
  const docs = documentation("dataset", data.source.name);
  const reshape = docs?.arguments.find(({ type }) => type.kind === "shape");
  const source = world.edits.data(data.nameRange)?.source;
  const fits = sizeOf(input.shape) === sizeOf(summary.inputShape);
  const reshaped =
    fits && reshape && source
      ? world.edits.setCallArgument(source, docs!, reshape.name, formatShape(input.shape))
      : undefined;
  return [reshaped, declareInput(world.file, view.network, input, summary.inputShape)];
}

function fixLossShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  const output = training?.view.output;
  if (training === undefined || output?.shape === undefined) return [];
  const { edits } = world;
  const { view, summary, declaration } = training;
  const { targetShape, classes } = summary;
  const expected = expectedBy(edits.textOf(range));
  const place = edits.entry(declaration, "loss");
  const changeLoss = (expects: string): Fix | undefined => {
    const name = namesOf("loss").find((loss) => expectedBy(loss) === expects);
    if (name === undefined || place === undefined || (place.kind !== "name" && place.kind !== "call")) return undefined;
    return { title: `Use ${name}`, edits: [{ range: place.range, newText: name }] };
  };
  if (output.shape.length > 1 && targetShape.length <= 1) return [flatten(view, output, edits)];
  const width = output.shape.at(-1) ?? 1;
  if (expected === "probabilities" && width < 2) {
    const forTwo = classes === undefined || classes.length === 2 ? changeLoss("probability") : undefined;
    return [forTwo, setWidth(edits, view, output, classes?.length ?? 2)];
  }
  if (expected !== undefined && expected !== "probabilities" && targetShape.length <= 1) {
    const forClasses = classes !== undefined && targetShape.length === 0 && width >= classes.length;
    return [forClasses ? changeLoss("probabilities") : undefined, setWidth(edits, view, output, targetShape[0] ?? 1)];
  }
  return [setWidth(edits, view, output, targetShape.at(-1) ?? 1)];
}

/** One vector for each sample before the first layer with weights from which on everything takes it. */
function flatten(view: NetworkView, output: Value, edits: SourceEdits): Fix | undefined {
  const layer = layerWith(({ flattens }) => flattens === true);
  if (layer === undefined) return undefined;
  const line = [...view.backwards(output, () => true)].reverse();
  const place = line.findIndex((value, index) => {
    const shape = line[index - 1]?.shape;
    // The text of a block belongs to all its uses.
    const isOwn = value.path === undefined;
    return (
      isOwn && traitsOfValue(value).role === "linear" && shape !== undefined && takesVector(line.slice(index), shape)
    );
  });
  return place < 0 ? undefined : edits.insertBefore(line[place]!, layer);
}

/** Whether layers, one behind the other, end in a vector when the first gets all numbers of this shape as one. */
function takesVector(layers: readonly Value[], shape: Shape): boolean {
  let sample: SampleShape = { shape: [sizeOf(shape)], batched: true };
  try {
    for (const { source } of layers) {
      if (source.kind !== "layer") return false;
      sample = inferLayer(source.layer, source.arguments, [sample]).output;
    }
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
  return sample.shape.length <= 1;
}

// Statements and entries.

function statementNamed(file: SourceFile, nameRange: Range): Exclude<Statement, { kind: "return" }> | undefined {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    if (nameRange.start < declaration.range.start || declaration.range.end < nameRange.end) continue;
    for (const statement of declaration.body) {
      if (statement.kind !== "return" && sameRange(statement.name.range, nameRange)) return statement;
    }
  }
  return undefined;
}

function removeStatement(file: SourceFile, edits: SourceEdits, nameRange: Range): Fix | undefined {
  const statement = statementNamed(file, nameRange);
  if (statement === undefined || statement.name.name === "") return undefined;
  return { title: `Remove ${statement.name.name}`, edits: [removeLines(edits.text, statement.range)] };
}

/** A stretch of text with its lines, where nothing else is on them. */
function removeLines(text: string, { start, end }: Range): TextEdit {
  const before = /(^|[\r\n])[ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*(#[^\r\n]*)?(\r\n|\r|\n)/.exec(text.slice(end));
  if (before === null || after === null) return { range: { start, end }, newText: "" };
  return { range: { start: before.index + before[1]!.length, end: end + after[0].length }, newText: "" };
}

/** What the last statement gives is what the network gives. */
function fixMissingReturn({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  const declaration = file.declarations.find(
    (candidate) =>
      (candidate.kind === "network" || candidate.kind === "block") && sameRange(candidate.name.range, range),
  );
  const last = declaration?.kind === "network" || declaration?.kind === "block" ? declaration.body.at(-1) : undefined;
  if (last?.kind !== "binding") return [];
  const { name } = last.name;
  if (name === "") return [{ title: "Return it", edits: [insertion(last.range.start, "return ")] }];
  const indent = /[ \t]*$/.exec(edits.text.slice(0, last.range.start))![0];
  const lineEnd = /^[^\r\n]*/.exec(edits.text.slice(last.range.end))![0];
  // Behind a comment of the last statement, before a brace on its line.
  const at = last.range.end + (/^[ \t]*#/.test(lineEnd) ? lineEnd.length : 0);
  return [{ title: `Return ${name}`, edits: [insertion(at, `\n${indent}return ${name}`)] }];
}

function fixDuplicateEntry({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "train" && declaration.kind !== "check") continue;
    const written = declaration.kind === "train" ? declaration.entries : declaration.statements;
    for (const entry of written) {
      if (entry.kind !== "entry" || !sameRange(entry.key.range, range)) continue;
      return [{ title: `Remove this ${entry.key.name}`, edits: [removeLines(edits.text, entry.range)] }];
    }
  }
  return [];
}

/** A line at the beginning of the check around a place. */
function addToCheck({ range }: Diagnostic, { file, edits }: World, line: string): Fix | undefined {
  const check = file.declarations.find(
    (candidate): candidate is CheckDeclaration =>
      candidate.kind === "check" && candidate.range.start <= range.start && range.end <= candidate.range.end,
  );
  if (check === undefined) return undefined;
  const { subject } = check;
  const head = subject.kind === "after" ? subject.training : (subject.arguments.at(-1) ?? subject.network);
  const brace = edits.text.indexOf("{", head.range.end);
  if (brace < 0 || brace >= check.range.end) return undefined;
  const oneLine = !/[\r\n]/.test(edits.text.slice(brace, check.range.end));
  const newText = oneLine ? ` ${line}` : `\n  ${line}`;
  return { title: `Add ${line}`, edits: [insertion(brace + 1, newText)] };
}
