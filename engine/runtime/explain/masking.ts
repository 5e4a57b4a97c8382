// Why a number is 0 because something is masked: kept from a softmax by a number so low that its share is 0.

import { add } from "../../model/ops/elementwise";
import { softmax } from "../../model/ops/reduction";
import type { NdArray } from "../../protocol/array";
import type { Value, ValueId } from "../../protocol/network";
import { any, positionIn } from "../derive/places";
import { plainName } from "./formula";
import type { StudiedBatch } from "./studied-batch";
import { indicesAt } from "./terms";
import { elementName, kindOf, shown, traitsAt } from "./wording";

/** e⁻⁸⁰ is 1.8e-35: what is nearer to the largest number of its row has a share that float32 can hold. */
const tooFar = 80;

/** Of an element that is 0 of what a softmax gives. */
export function withoutShare(batch: StudiedBatch, value: Value, position: number): readonly string[] {
  const node = computing(batch, value.id, softmax);
  const [input] = batch.sourcesOf(value.id);
  if (!node || input === undefined || batch.tensor(input).index !== node.inputs[0]!.index) return [];
  const row = rowAt(batch, input, position);
  if (!row.isTooFar(row.number)) return [];
  const mask = constantsIn(batch, input).find((each) => {
    // It is the reason if this number alone makes the difference, and if its row does without it.
    const others = rowAt(batch, each.others, position);
    return !row.isTooFar(others.number) && !others.isTooFar(others.number);
  });
  const name = (id: ValueId, at: number) =>
    `${elementName(batch, { id, of: "value" }, at)} = ${shown(batch.value(id).data[at]!)}`;
  if (!mask) {
    return [
      `It is 0 because ${name(input, position)} is so far below the largest number of its row, ${shown(row.largest)}, that nothing of this ${kindOf(value)} is left for it.`,
    ];
  }
  const at = positionIn(batch.tensor(mask.constant).shape, batch.tensor(input).shape, position);
  return [
    `It is 0 because ${name(mask.constant, at)} is added to ${name(mask.others, position)}: this position is masked for this ${kindOf(value)}.`,
  ];
}

/** Of an element, whose gradient is 0, of what comes into a layer that attends. */
export function lookedAtByNone(batch: StudiedBatch, id: ValueId, position: number, user: Value): readonly string[] {
  const mask = maskOf(batch, user);
  const gradient = batch.gradient(user.id);
  const isUsedElsewhere = batch.usersOf(id).length > 1 || batch.network.outputs.some(({ value }) => value === id);
  if (!mask || !gradient || isUsedElsewhere) return [];
  const [, steps, features] = gradient.shape as readonly [number, number, number];
  const [sample, step] = indicesAt(gradient.shape, position) as readonly [number, number];
  const hasGradient = (each: number) => {
    const begin = (sample * steps + each) * features;
    return gradient.data.subarray(begin, begin + features).some((number) => number !== 0);
  };
  const learning = Array.from({ length: steps }, (_, each) => each).filter(hasGradient);
  const isMaskedFor = (each: number) => mask.data[each * steps + step] === Number.NEGATIVE_INFINITY;
  if (learning.length === 0 || !learning.every(isMaskedFor)) return [];
  const name = `${plainName(batch, { id: user.id, of: "gradient" })}[${sample}]`;
  const them = learning.length === 1 ? `step ${learning[0]}` : `steps ${listed(learning)}`;
  return [
    `It is 0 because ${name} is 0 at every step but ${them}, and ${them} may not look at step ${step} in this ${kindOf(user)}: it is masked.`,
  ];
}

/** [T, T], −∞ where the row's step may not look at the column's; undefined when each may look at all. */
function maskOf({ built }: StudiedBatch, user: Value): NdArray | undefined {
  if (!traitsAt(user).attends) return undefined;
  const { nodes } = built.graph;
  for (const node of nodes) {
    if (node.kind !== "op" || node.origin !== user.id || node.op !== any(add)) continue;
    for (const { index } of node.inputs) {
      const added = nodes[index]!;
      if (added.kind === "constant" && added.data.data.includes(Number.NEGATIVE_INFINITY)) return added.data;
    }
  }
  return undefined;
}

/** An element and the largest one of its row. */
function rowAt(batch: StudiedBatch, id: ValueId, position: number) {
  const { data, shape } = batch.value(id);
  const width = shape.at(-1)!;
  const begin = position - (position % width);
  const largest = data.subarray(begin, begin + width).reduce((a, b) => Math.max(a, b));
  const isTooFar = (number: number): boolean => Math.max(largest, number) - number > tooFar;
  return { number: data[position]!, largest, isTooFar };
}

/** The constants that a value is the sum of another one with, which has its shape. */
function constantsIn(batch: StudiedBatch, id: ValueId) {
  if (!computing(batch, id, add)) return [];
  const [a, b] = batch.sourcesOf(id) as readonly [ValueId, ValueId];
  const pairs = [
    { constant: a, others: b },
    { constant: b, others: a },
  ];
  return pairs.filter(({ constant, others }) => isConstant(batch, constant) && batch.isAlike(others, id));
}

function isConstant({ network }: StudiedBatch, id: ValueId): boolean {
  const declared = network.parameters.find((parameter) => parameter.id === id);
  const value = network.values.find((each) => each.id === id);
  return declared ? !declared.trainable : value?.source.kind === "constant";
}

/** The node of a value, if this op gives it. */
function computing(batch: StudiedBatch, id: ValueId, op: unknown) {
  const node = batch.built.graph.nodes[batch.tensor(id).index]!;
  return node.kind === "op" && node.op === any(op) ? node : undefined;
}

/** `0 to 3`, `0 and 2`, `0, 2 and 5`. */
function listed(numbers: readonly number[]): string {
  const [first, last] = [numbers[0]!, numbers.at(-1)!];
  if (numbers.length > 2 && last - first === numbers.length - 1) return `${first} to ${last}`;
  return `${numbers.slice(0, -1).join(", ")} and ${last}`;
}
