// What a `param` or `const` begins with: an initializer of the catalog, numbers, or a file of them.

import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Initializer } from "../../../engine/protocol/network";
import type { ParameterStatement } from "../ast";
import { catalogCall } from "./arguments";
import { type AttributeScope, isConstant, tensorLiteral } from "./constants";
import type { Context } from "./context";

export interface Beginning {
  readonly shape: Shape;
  readonly initializer: Initializer;
}

/**
 * `folder` is where the file of the statement lies, as the file that is lowered sees it. `declared` is the annotated shape, undefined when there is none or when it is wrong. A single number fills the
 * declared shape. Undefined after reporting what is wrong, or when something is not known.
 */
export function initializerOf(
  context: Context,
  { name, shape: annotation, initializer }: ParameterStatement,
  declared: Shape | undefined,
  { attributes, folder }: { readonly attributes: AttributeScope; readonly folder: string },
): Beginning | undefined {
  if (initializer === undefined) {
    context.reporter.report("parameter-without-start", name.range, [name.name]);
    return undefined;
  }
  if (initializer.kind === "missing") return undefined;
  const literal = initializer.kind === "list" || isConstant(initializer, attributes);
  if (!literal && (initializer.kind === "call" || initializer.kind === "name")) {
    const call = catalogCall(context, "initializer", initializer, attributes)?.call;
    if (annotation === undefined) context.reporter.report("parameter-without-shape", name.range, [name.name]);
    return call && declared && { shape: declared, initializer: { kind: "call", call } };
  }
  if (initializer.kind === "string") {
    if (annotation === undefined) context.reporter.report("parameter-without-shape", name.range, [name.name]);
    const file = { kind: "file", path: initializer.value, ...(folder !== "" && { folder }) } as const;
    return declared && { shape: declared, initializer: file };
  }
  const data = tensorLiteral(context, initializer, attributes);
  if (data === undefined || (annotation !== undefined && declared === undefined)) return undefined;
  if (declared === undefined) return { shape: data.shape, initializer: { kind: "literal", data } };
  if (data.shape.length === 0) {
    const filled = { shape: declared, data: new Float64Array(sizeOf(declared)).fill(data.data[0]!) };
    return { shape: declared, initializer: { kind: "literal", data: filled } };
  }
  if (formatShape(data.shape) !== formatShape(declared)) {
    const related = [{ range: annotation!.range, message: `${name.name} is declared ${formatShape(declared)}` }];
    const shapes = [name.name, formatShape(declared), formatShape(data.shape)] as const;
    context.reporter.report("parameter-shape", initializer.range, [...shapes], { related });
    return undefined;
  }
  return { shape: declared, initializer: { kind: "literal", data } };
}
