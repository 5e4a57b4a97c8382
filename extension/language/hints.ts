// Inlay hints: the inferred shape at the end of every stage, binding and parameter. Shapes are those of one sample, as the
// language has them; what is written there already is not repeated.

import { formatShape, sizeOf } from "../../engine/model/shape";
import type { Network, Parameter, Value } from "../../engine/protocol/network";
import type { Analysis } from "./analyze";
import type { Declaration, Expression, ShapeAnnotation } from "./ast";
import { formatCount } from "./format-number";

export interface Hint {
  readonly offset: number;
  /** At most 40 characters. */
  readonly text: string;
  /** Plain text. */
  readonly tooltip: string;
}

/** VS Code cuts a line's hints at 43 characters. */
const longest = 40;

/** Ordered by offset. */
export function hints({ file, module }: Analysis): readonly Hint[] {
  const written = writtenPlaces(file.declarations);
  const found = new Map<number, Hint>();
  for (const network of module.networks) {
    const parameters = new Map<string | undefined, Parameter[]>();
    for (const parameter of network.parameters) {
      const own = parameters.get(parameter.instance);
      if (own === undefined) parameters.set(parameter.instance, [parameter]);
      else own.push(parameter);
    }
    for (const value of network.values) {
      const offset = hintOffset(value, network, written);
      if (offset === undefined || value.shape === undefined) continue;
      const text = formatShape(value.shape);
      found.set(offset, {
        offset,
        text: text.length <= longest ? text : `${text.slice(0, longest - 2)}…]`,
        tooltip: tooltip(value, parameters),
      });
    }
  }
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

function hintOffset(value: Value, network: Network, written: WrittenPlaces): number | undefined {
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
        nameRange !== undefined ||
        source.kind === "layer" ||
        written.stages.has(range.start) ||
        network.outputs.some((output) => output.value === id);
      return shown ? Math.max(range.end, nameRange?.end ?? 0) : undefined;
    }
    default:
      return source satisfies never;
  }
}

function tooltip(
  { shape, batched, source }: Value,
  parameters: ReadonlyMap<string | undefined, readonly Parameter[]>,
): string {
  const size = formatShape(shape!);
  const batch = formatShape(shape!).replace("[", shape!.length === 0 ? "[N" : "[N, ");
  const lines = [batched ? `${size} for one sample, ${batch} for a batch` : `${size}, the same for every sample`];
  if (source.kind === "layer") {
    const own = parameters.get(source.instance) ?? [];
    const count = own.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
    const list = own.map((parameter) => `${parameter.name} ${formatShape(parameter.shape)}`).join(", ");
    if (count > 0) lines.push(`${formatCount(count)} parameters: ${list}`);
  }
  return lines.join("\n");
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
    if (declaration.kind !== "network") continue;
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
