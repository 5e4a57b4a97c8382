// Inlay hints: the inferred shape at the end of every stage, binding and parameter. Shapes are those of one sample, as the
// language has them; what is written there already is not repeated.

import { formatShape, sizeOf } from "../../engine/model/shape";
import type { Shape } from "../../engine/protocol/array";
import type { Parameter, Value, ValueId } from "../../engine/protocol/network";
import type { Analysis } from "./analyze";
import type { Declaration, Expression, ShapeAnnotation } from "./ast";
import { formatCount } from "./format-number";
import { allNetworks, isElsewhere } from "./value-at";

export interface Hint {
  readonly offset: number;
  /** At most 40 characters. */
  readonly text: string;
  /** Plain text. */
  readonly tooltip: string;
}

/** VS Code cuts a line's hints at 43 characters. */
const longest = 40;

/** Ordered by offset. In the body of a block, what all its uses have in common: `[·, 16]`. */
export function hints({ file, module }: Analysis): readonly Hint[] {
  const written = writtenPlaces(file.declarations);
  const found = new Map<number, Hint>();
  const inBlocks = new Map<number, Shown[]>();
  for (const network of allNetworks(module)) {
    const parameters = new Map<string | undefined, Parameter[]>();
    for (const parameter of network.parameters) {
      const own = parameters.get(parameter.instance);
      if (own === undefined) parameters.set(parameter.instance, [parameter]);
      else own.push(parameter);
    }
    const outputs = [network, ...(network.blocks ?? [])].flatMap((body) => body.outputs);
    const returned = new Set(outputs.map(({ value }) => value));
    const byId = new Map<ValueId, Value>();
    for (const value of network.values) {
      if (network.blocks !== undefined) byId.set(value.id, value);
      const offset = hintOffset(value, returned, written);
      if (offset === undefined || value.shape === undefined || isElsewhere(value)) continue;
      const shown = { shape: value.shape, lines: tooltip(value, parameters), use: value.path?.at(-1)?.instance };
      if (shown.use === undefined) found.set(offset, hintOf(offset, shown.shape, shown.lines));
      else add(inBlocks, offset, shown);
    }
    for (const { range, nameRange, outputs, path, instance } of network.blocks ?? []) {
      const [output] = outputs;
      const shape = outputs.length === 1 ? byId.get(output!.value)?.shape : undefined;
      // A use in a block of another file has no place of its own.
      if (shape === undefined || path?.some((use) => use.range.start === range.start)) continue;
      const offset = Math.max(range.end, nameRange?.end ?? 0);
      const lines = [forSampleAndBatch(shape), `${instance}: a block with parameters of its own`];
      if (path === undefined) found.set(offset, hintOf(offset, shape, lines));
      else add(inBlocks, offset, { shape, lines, use: path.at(-1)!.instance });
    }
  }
  for (const [offset, uses] of inBlocks) {
    const hint = commonHint(offset, uses);
    if (hint !== undefined) found.set(offset, hint);
  }
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

/** What one use of a block shows. */
interface Shown {
  readonly shape: Shape;
  readonly lines: readonly string[];
  readonly use: string | undefined;
}

function add(places: Map<number, Shown[]>, offset: number, shown: Shown): void {
  const others = places.get(offset);
  if (others === undefined) places.set(offset, [shown]);
  else others.push(shown);
}

function hintOf(offset: number, shape: Shape, lines: readonly string[]): Hint {
  return { offset, text: cut(formatShape(shape)), tooltip: lines.join("\n") };
}

/** Undefined when not even the number of dimensions is the same for all uses. */
function commonHint(offset: number, uses: readonly Shown[]): Hint | undefined {
  const [first] = uses;
  const text = formatShape(first!.shape);
  const differing = uses.find(({ shape }) => formatShape(shape) !== text);
  if (differing === undefined) return hintOf(offset, first!.shape, first!.lines);
  if (uses.some(({ shape }) => shape.length !== first!.shape.length)) return undefined;
  const sizes = first!.shape.map((size, axis) => (uses.every(({ shape }) => shape[axis] === size) ? size : "·"));
  const lines = uses.slice(0, mostUses).map(({ use, shape }) => `${use}: ${formatShape(shape)}`);
  if (uses.length > mostUses) lines.push(`and ${formatCount(uses.length - mostUses)} more uses`);
  return { offset, text: cut(`[${sizes.join(", ")}]`), tooltip: lines.join("\n") };
}

/** In a tooltip. */
const mostUses = 12;

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 2)}…]`;
}

function hintOffset(value: Value, returned: ReadonlySet<ValueId>, written: WrittenPlaces): number | undefined {
  const { source, range, nameRange, id } = value;
  switch (source.kind) {
    case "input":
    case "parameter":
      return written.declarations.get(range.start);
    case "constant":
    case "observed":
      return undefined;
    case "layer":
    case "operation": {
      const shown =
        nameRange !== undefined || source.kind === "layer" || written.stages.has(range.start) || returned.has(id);
      return shown ? Math.max(range.end, nameRange?.end ?? 0) : undefined;
    }
    default:
      return source satisfies never;
  }
}

function tooltip(
  { shape, batched, source }: Value,
  parameters: ReadonlyMap<string | undefined, readonly Parameter[]>,
): readonly string[] {
  const lines = [batched ? forSampleAndBatch(shape!) : `${formatShape(shape!)}, the same for every sample`];
  if (source.kind === "layer") {
    const own = parameters.get(source.instance) ?? [];
    const count = own.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
    const list = own.map((parameter) => `${parameter.name} ${formatShape(parameter.shape)}`).join(", ");
    if (count > 0) lines.push(`${formatCount(count)} parameters: ${list}`);
  }
  return lines;
}

function forSampleAndBatch(shape: Shape): string {
  return `${formatShape(shape)} for one sample, [${["N", ...shape].join(", ")}] for a batch`;
}

interface WrittenPlaces {
  /** Where a declared input or parameter starts → where its shape belongs, when the text does not say it itself. */
  readonly declarations: ReadonlyMap<number, number>;
  /** Where the calls of stages start. */
  readonly stages: ReadonlySet<number>;
}

function writtenPlaces(declarations: readonly Declaration[]): WrittenPlaces {
  const ends = new Map<number, number>();
  const stages = new Set<number>();
  for (const declaration of declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    for (const { name, annotation, range } of declaration.inputs) {
      if (annotation.kind === "shape" && !isPlain(annotation)) ends.set(name.range.start, range.end);
    }
    for (const statement of declaration.body) {
      if (statement.kind === "parameter") {
        const said = statement.shape !== undefined && isPlain(statement.shape);
        if (!said) ends.set(statement.name.range.start, statement.range.end);
      }
      if (statement.kind === "binding") addStages(statement.value, stages);
      if (statement.kind === "return") for (const { value } of statement.outputs) addStages(value, stages);
    }
  }
  return { declarations: ends, stages };
}

function addStages(expression: Expression, stages: Set<number>): void {
  if (expression.kind === "pipeline") for (const { call } of expression.stages) stages.add(call.range.start);
}

function isPlain({ dimensions }: ShapeAnnotation): boolean {
  return dimensions.every(({ kind }) => kind === "number");
}
