// Whether a block can be used at a place, and with which inputs.

import { formatShape } from "../../../engine/model/shape";
import type { Range } from "../../../engine/protocol/text";
import type { BlockSource } from "./block";
import type { AttributeScope } from "./constants";
import type { Context } from "./context";
import { dimensions } from "./signature";
import { deepest } from "./units";
import type { Operand } from "./values";
import type { Surroundings, Whole } from "./whole";

/** The values of the whole network and the uses of blocks; more can neither be drawn nor run. */
const mostValues = 10_000;

/** Reports a block that contains itself, and networks without end. `depth` is that of the expressions around. */
export function mayUse(
  { reporter }: Context,
  whole: Whole,
  { stack, table }: Surroundings,
  block: BlockSource,
  { range, depth }: { readonly range: Range; readonly depth: number },
): boolean {
  if (stack.includes(block)) {
    const circle = [...stack.slice(stack.indexOf(block)), block].map(
      ({ signature }) => signature.declaration.name.name,
    );
    reporter.report("block-cycle", range, [circle.join(" → ")]);
    return false;
  }
  const before = whole.isFull;
  whole.isFull ||= ++whole.uses + table.values.length > mostValues;
  if (whole.isFull) {
    if (before) return false;
    const reason = `${whole.network} has more than ${mostValues.toLocaleString("en-US")} values`;
    reporter.report("too-large", range, [reason]);
    return false;
  }
  if (depth > deepest) {
    reporter.report("too-large", range, [`${whole.network} has blocks inside blocks, too many of them`]);
    return false;
  }
  return true;
}

/** The inputs that are what the block declares; undefined for one that is not, after reporting it. */
export function fittingInputs(
  context: Context,
  { table, file: from }: Surroundings,
  { signature, file }: BlockSource,
  attributes: AttributeScope,
  given: readonly Operand[],
  range: Range,
): Operand[] {
  return signature.inputs.map(({ name, shape: annotation }, position) => {
    const id = table.single(given[position], range);
    if (annotation === undefined || id === undefined) return id;
    const found = table.shapeOf(id)?.shape;
    // What is wrong with the annotation is told with the body.
    const needed = dimensions({ ...context, ...silence, text: file.text }, annotation, attributes);
    if (found === undefined || needed === undefined || formatShape(found) === formatShape(needed)) return id;
    const related = file === from ? [{ range: name.range, message: `${name.name} is ${formatShape(needed)}` }] : [];
    const block = signature.declaration.name.name;
    const gives = `${table.titleOf(id)} is ${formatShape(found)}`;
    const words = [block, name.name, formatShape(needed), gives] as const;
    context.reporter.report("block-input-shape", range, [...words], { related });
    return undefined;
  });
}

const silence = { reporter: { isFull: true, report: () => {} }, mention: () => {} };
