// What a `param` or `const` begins with: an initializer of the catalog, numbers, or a file of them.

import { formatShape, sameShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Initializer, NumbersFile } from "../../../engine/protocol/network";
import type { ParameterStatement, StringLiteral } from "../ast";
import { catalogCall } from "./arguments";
import { type AttributeScope, isConstant, tensorLiteral } from "./constants";
import type { Context } from "./context";

export interface Beginning {
  readonly shape: Shape;
  readonly initializer: Initializer;
}

interface Surroundings {
  readonly attributes: AttributeScope;
  /** Where the file of the statement lies, as the file that is lowered sees it. */
  readonly folder: string;
}

/**
 * `declared` is the annotated shape, undefined when there is none or when it is wrong. A single number fills the
 * declared shape. Undefined after reporting what is wrong, or when something is not known.
 */
export function initializerOf(
  context: Context,
  statement: ParameterStatement,
  declared: Shape | undefined,
  { attributes, folder }: Surroundings,
): Beginning | undefined {
  const { name, shape: annotation, initializer } = statement;
  if (initializer === undefined) {
    context.reporter.report("parameter-without-start", name.range, [name.name]);
    return undefined;
  }
  if (initializer.kind === "missing") return undefined;
  if (initializer.kind === "string") return fromFile(context, statement, declared, initializer, folder);
  const literal = initializer.kind === "list" || isConstant(initializer, attributes);
  if (!literal && (initializer.kind === "call" || initializer.kind === "name")) {
    const call = catalogCall(context, "initializer", initializer, attributes)?.call;
    if (annotation === undefined) context.reporter.report("parameter-without-shape", name.range, [name.name]);
    return call && declared && { shape: declared, initializer: { kind: "call", call } };
  }
  const data = tensorLiteral(context, initializer, attributes);
  if (data === undefined || (annotation !== undefined && declared === undefined)) return undefined;
  if (declared === undefined) return { shape: data.shape, initializer: { kind: "literal", data } };
  if (data.shape.length === 0) {
    const filled = { shape: declared, data: new Float64Array(sizeOf(declared)).fill(data.data[0]!) };
    return { shape: declared, initializer: { kind: "literal", data: filled } };
  }
  if (!sameShape(data.shape, declared)) {
    reportShape(context, statement, declared, data.shape);
    return undefined;
  }
  return { shape: declared, initializer: { kind: "literal", data } };
}

/** What the file holds is not always known here; then it is compared when something runs. */
function fromFile(
  context: Context,
  statement: ParameterStatement,
  declared: Shape | undefined,
  { value: path, range }: StringLiteral,
  folder: string,
): Beginning | undefined {
  const { name, shape: annotation } = statement;
  if (annotation === undefined) context.reporter.report("parameter-without-shape", name.range, [name.name]);
  const file: NumbersFile = { kind: "file", path, ...(folder !== "" && { folder }) };
  const known = context.environment.describeNumbers?.(file);
  if (known?.kind === "problem") {
    context.reporter.report("parameter-file", range, [known.message]);
    return undefined;
  }
  if (declared === undefined) return undefined;
  if (known === undefined || sameShape(known.shape, declared)) return { shape: declared, initializer: file };
  const shape = formatShape(known.shape);
  const edits = [{ range: annotation!.range, newText: shape }];
  reportShape(context, statement, declared, known.shape, [{ title: `Declare ${name.name}: ${shape}`, edits }]);
  return undefined;
}

function reportShape(
  { reporter }: Context,
  { name: { name }, shape: annotation, initializer }: ParameterStatement,
  declared: Shape,
  found: Shape,
  fixes: readonly Fix[] = [],
): void {
  const related = [{ range: annotation!.range, message: `${name} is declared ${formatShape(declared)}` }];
  const shapes = [name, formatShape(declared), formatShape(found)] as const;
  reporter.report("parameter-shape", initializer!.range, [...shapes], { related, fixes });
}
