// Why a gradient is small, large or changed because of where it stands in its network and training, in words.

import { targetId } from "../../model/build";
import { clipping } from "../../model/clips";
import type { ValueId } from "../../protocol/network";
import { formatNumber } from "../print";
import { type Formula, plainName, type Subject } from "./formula";
import type { StudiedBatch } from "./studied-batch";
import { type Element, termsOf } from "./terms";
import { elementName, kindOf, shown, traitsAt } from "./wording";

/** Sentences about the number itself, whatever it is made of. `formula` is that of the subject, if it has one. */
export function circumstancesOf(
  batch: StudiedBatch,
  { id, of }: Subject,
  position: number,
  formula: Formula | undefined,
): readonly string[] {
  if (of === "value") return [];
  return [
    ...(formula ? removed(batch, id, { expression: formula.expression, position }) : []),
    ...learned(batch, id, position),
    ...grown(batch, id),
    ...clipped(batch, id, position),
  ];
}

const cancelled = 1e-5; // Of the sizes of all terms: what float32 leaves of a sum that is 0.
const nearTarget = 0.01; // Between a probability and its target.
const muchLarger = 1000; // Between two gradients on one way.
const shortestWay = 4; // Values.

/** What is added to all numbers of a feature has no effect on what is brought to mean 0. */
function removed(batch: StudiedBatch, id: ValueId, element: Element): string[] {
  const { terms } = termsOf(element);
  const sum = terms.reduce((total, { number }) => total + number, 0);
  const size = terms.reduce((total, { number }) => total + Math.abs(number), 0);
  if (terms.length < 2 || size === 0 || Math.abs(sum) > cancelled * size) return [];
  const behind = batch.usersOf(id).flatMap((user) => batch.usersOf(user.id));
  const remover = behind.find((value) => traitsAt(value).removesBias);
  if (!remover) return [];
  const name = plainName(batch, { id, of: "value" });
  return [
    `It is 0 up to rounding: its ${terms.length} terms cancel, because this ${kindOf(remover)} subtracts the mean, and with it what ${name} adds.`,
  ];
}

/** Of what a loss makes a probability of. */
function learned(batch: StudiedBatch, id: ValueId, position: number): string[] {
  const output = batch.network.outputs[0]?.value;
  if (output === undefined || !batch.isInFrontOfLoss(id) || !batch.isAlike(id, output)) return [];
  const { data, shape } = batch.value(output);
  const targets = batch.value(targetId).data;
  const classes = shape.at(-1)!;
  const isClass = targets.length < data.length;
  const ofClass = () => (targets[Math.floor(position / classes)] === position % classes ? 1 : 0);
  const expected = isClass ? ofClass() : targets[position]!;
  const probability = data[position]!;
  if (Math.abs(probability - expected) > nearTarget) return [];
  const result = `${elementName(batch, { id: output, of: "value" }, position)} = ${shown(probability)}`;
  const what = isClass
    ? expected === 1
      ? "the right class"
      : "a class that is not the right one"
    : `target ${shown(expected)}`;
  return [`It is close to 0 because ${result} is already what it should be for ${what}.`];
}

/** Gradients that become larger or smaller from value to value. */
function grown(batch: StudiedBatch, id: ValueId): string[] {
  const { gradients, network } = batch;
  const isParameter = network.parameters.some((parameter) => parameter.id === id);
  const next = (at: ValueId) => batch.usersOf(at).find((user) => user.id !== at && gradients.has(user.id))?.id;
  const way: ValueId[] = [];
  for (let at = isParameter ? next(id) : id; at !== undefined; at = next(at)) way.push(at);
  const values = way.length - 1;
  if (values < shortestWay) return [];
  const [here, there] = [way[0]!, way.at(-1)!].map((each) => normOf(batch.gradient(each)!.data));
  const factor = here! / there!;
  const isLarger = factor > muchLarger;
  // Where none arrives at all, something cuts it off.
  if (!isLarger && !(factor < 1 / muchLarger && factor > 0)) return [];
  const name = (at: ValueId) => plainName(batch, { id: at, of: "gradient" });
  const each = isLarger ? factor ** (1 / values) : factor ** (-1 / values);
  return [
    `${isLarger ? "Gradients grow" : "Gradients shrink"} on their way back to here: the L2 norm of ${name(way.at(-1)!)} is ${shown(there!)}, that of ${name(way[0]!)}, ${values} values before it, ${shown(here!)}: ${formatNumber(each, 2)} times as ${isLarger ? "much" : "little"} at each on average.`,
  ];
}

/** What the training makes of it before the update. */
function clipped(batch: StudiedBatch, id: ValueId, position: number): string[] {
  const { clip } = batch.study;
  if (!clip) return [];
  const trained = batch.network.parameters.filter((parameter) => parameter.trainable);
  const gradients = trained.flatMap((parameter) => {
    const gradient = batch.gradient(parameter.id);
    return gradient ? [{ id: parameter.id, gradient }] : [];
  });
  const index = gradients.findIndex((each) => each.id === id);
  if (index < 0) return [];
  const before = gradients[index]!.gradient.data[position]!;
  const after = clipping(clip)(gradients.map(({ gradient }) => gradient.data))[index]![position]!;
  return before === after ? [] : [`The training's clip ${clip.name} makes it ${shown(after)} before the update.`];
}

const normOf = (data: Float64Array): number => Math.sqrt(data.reduce((sum, number) => sum + number * number, 0));
