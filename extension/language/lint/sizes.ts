// The changes of declarations and arguments that give a value another size.

import { formatShape } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Network, Value } from "../../../engine/protocol/network";
import type { Expression, SourceFile } from "../ast";
import { type NetworkView, traitsOfValue } from "./network-view";
import { insertion, type SourceEdits, sameRange } from "./source-edits";
import { statementNamed } from "./statement-fixes";

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

/** Another size in the declaration of a parameter that an initializer fills. */
export function declareSize(
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

export function declareInput(file: SourceFile, network: Network, input: Value, shape: Shape): Fix | undefined {
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

export function literalShape(expression: Expression): number[] {
  if (expression.kind !== "list") return [];
  const [first] = expression.elements;
  return [expression.elements.length, ...(first === undefined ? [] : literalShape(first))];
}
