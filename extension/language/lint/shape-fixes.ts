// Fixes for shapes that do not fit each other: the number that would.

import { documentation } from "../../../engine/model/catalog";
import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Diagnostic, Fix } from "../../../engine/protocol/diagnostic";
import type { Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { SourceFile } from "../ast";
import { NetworkView } from "./network-view";
import { declareInput, declareSize, literalShape, setWidth } from "./sizes";
import { insertion, type SourceEdits, sameRange } from "./source-edits";
import type { World } from "./world";

export function fixShape({ range }: Diagnostic, { module, edits, file }: World): readonly (Fix | undefined)[] {
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

export function fixParameterShape({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    for (const statement of declaration.body) {
      if (statement.kind !== "parameter" || statement.shape === undefined || statement.initializer === undefined) {
        continue;
      }
      const { name, shape, initializer } = statement;
      // The shape of a file's numbers is known to lowering, which offers the fix itself.
      if (!sameRange(initializer.range, range) || initializer.kind === "string") continue;
      const text = formatShape(literalShape(initializer));
      if (edits.textOf(shape.range) === text) return [];
      return [{ title: `Declare ${name.name}: ${text}`, edits: [{ range: shape.range, newText: text }] }];
    }
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
