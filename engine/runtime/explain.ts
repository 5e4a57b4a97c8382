// One number of a batch explained: its formula with the batch's numbers, its cause in words, its place in the chain.

import { DataError } from "../data/dataset";
import { targetId } from "../model/build";
import { formatShape, sameShape, stridesOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { ExplainedName, ExplainOrder, Explanation } from "../protocol/explanation";
import type { ValueId } from "../protocol/network";
import { quantity } from "./derive/expression";
import { causesOf } from "./explain/causes";
import { formulaOf, nameOf, plainName, type Subject, writeElement, writeGiven } from "./explain/formula";
import type { StudiedBatch } from "./explain/studied-batch";
import { indicesAt } from "./explain/terms";

export { centralDifference } from "./explain/central-difference";
export { StudiedBatch, type Study } from "./explain/studied-batch";

/** Everything but where the training stands, how the formula looks, and the check. */
export interface BatchExplanation
  extends Omit<Explanation, "difference" | "epoch" | "picture" | "step" | "trained" | "training"> {
  /** As the batch has it. */
  readonly number: number;
  /** Of the element. */
  readonly position: number;
}

/** Throws DataError when there is no such value, gradient or element. */
export function explain(batch: StudiedBatch, order: ExplainOrder): BatchExplanation {
  const { id, of, element } = order;
  const subject = { id, of };
  const numbers = numbersOf(batch, subject);
  const { shape } = numbers;
  const position = element ? positionOf(shape, element, id) : largest(batch.gradient(id) ?? numbers);
  const formula = formulaOf(batch, subject);
  const written = formula
    ? writeElement(formula, position)
    : writeGiven(nameOf(batch, id).symbol, { expression: quantity("", numbers), position });
  const { from, to } = chainOf(batch, subject);
  const here = indicesAt(shape, position);
  const link = (other: Subject): ExplainedName => ({
    ...other,
    name: plainName(batch, other),
    ...(sameShape(numbersOf(batch, other).shape, shape) && { element: here }),
  });
  return {
    id,
    of,
    name: plainName(batch, subject),
    shape,
    element: here,
    isLargest: element === undefined,
    number: numbers.data[position]!,
    position,
    ...written,
    causes: causesOf(batch, subject, position, formula),
    from: from.map(link),
    to: to.map(link),
  };
}

function numbersOf(batch: StudiedBatch, { id, of }: Subject): NdArray {
  const isKnown = id === targetId ? batch.loss.target : batch.built.tensors.has(id);
  if (!isKnown) throw new DataError(`${batch.network.name} has no value ${id}`);
  const numbers = of === "value" ? batch.value(id) : batch.gradient(id);
  if (!numbers) throw new DataError(`no gradient of the loss flows into ${id}`);
  if (numbers.data.length === 0) throw new DataError(`${id} has no numbers`);
  return numbers;
}

function positionOf(shape: readonly number[], element: readonly number[], id: ValueId): number {
  const isInside =
    element.length === shape.length && element.every((index, axis) => index >= 0 && index < shape[axis]!);
  if (!isInside)
    throw new DataError(`${id} has the shape ${formatShape(shape)}: there is no element [${element.join(", ")}]`);
  const strides = stridesOf(shape);
  return element.reduce((position, index, axis) => position + index * strides[axis]!, 0);
}

/** By magnitude; what is no number is larger than all. */
function largest({ data }: NdArray): number {
  let best = 0;
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at]!)) return at;
    if (Math.abs(data[at]!) > Math.abs(data[best]!)) best = at;
  }
  return best;
}

/** Its neighbors on the way of the numbers, or of the gradients, which go the other way. */
function chainOf(
  batch: StudiedBatch,
  { id, of }: Subject,
): { readonly from: readonly Subject[]; readonly to: readonly Subject[] } {
  const users = batch.usersOf(id).map((user) => user.id);
  const sources = batch.sourcesOf(id).filter((source) => batch.find(source)?.source.kind !== "constant");
  const asSubjects = (ids: readonly ValueId[]): Subject[] => [...new Set(ids)].map((each) => ({ id: each, of }));
  if (of === "value") return { from: asSubjects(sources), to: asSubjects(users) };
  const flows = ({ id: other }: Subject) => batch.gradients.has(other);
  return { from: asSubjects(users).filter(flows), to: asSubjects(sources).filter(flows) };
}
