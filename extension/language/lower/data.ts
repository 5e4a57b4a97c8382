// `data Flowers = Csv("iris.csv", target: "species")` → DataDeclaration, and what is known about it.

import type { DataDescription } from "../../../engine/protocol/data";
import type { DataDeclaration } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { DataDeclaration as DataSyntax } from "../ast";
import { catalogCall } from "./arguments";
import { noAttributes } from "./constants";
import type { Context } from "./context";

export interface LoweredData {
  readonly declaration: DataDeclaration;
  readonly description: DataDescription | undefined;
}

/** Undefined after reporting what is wrong. A problem of the data itself is reported at the argument to blame. */
export function lowerData(
  context: Context,
  { name, source, documentation, range }: DataSyntax,
): LoweredData | undefined {
  if (source.kind === "pipeline") {
    context.reporter.report("data-source", source.range, []);
    return undefined;
  }
  const bound = catalogCall(context, "dataset", source, noAttributes);
  if (bound === undefined) return undefined;
  const declaration: DataDeclaration = {
    name: name.name,
    documentation,
    range,
    nameRange: name.range,
    source: bound.call,
    sourceRange: source.range,
    argumentRanges: bound.ranges,
  };
  return describeData(context, declaration);
}

/** What is known about the data. Its problems are reported at the argument to blame, or at the place given. */
export function describeData(context: Context, declaration: DataDeclaration, place?: Range): LoweredData {
  const description = context.environment.describeData(declaration);
  if (description?.kind === "problem") {
    const { message, argument } = description.problem;
    const blamed = argument === undefined ? undefined : declaration.argumentRanges[argument];
    context.reporter.report("data-problem", place ?? blamed ?? declaration.sourceRange, [message]);
  }
  return { declaration, description };
}
