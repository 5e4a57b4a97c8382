// Advice on a network alone: layers in a row that undo or repeat each other. Of two that meet at the border of a block it
// is told at its use, where they meet; elsewhere the block may be right.

import { traitsOf } from "../../../engine/model/catalog";
import type { Block, Value } from "../../../engine/protocol/network";
import type { Advice } from "./advice";
import {
  calledName,
  inputsOf,
  isWrittenHere,
  keepsMeaning,
  layerWith,
  type NetworkView,
  seenTogether,
  traitsOfValue,
} from "./network-view";
import type { SourceEdits } from "./source-edits";

export function adviseOnLayers(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  blocks: readonly Pick<Block, "name" | "inputs">[],
): void {
  const hasOneInput = (name: string): boolean => blocks.find((block) => block.name === name)?.inputs.length === 1;
  for (const value of view.network.values) {
    if (value.source.kind !== "layer" && value.source.kind !== "operation") continue;
    probabilitiesTwice(advice, edits, view, value);
    probabilityOfOne(advice, edits, view, value);
    linearTwice(advice, edits, view, value, hasOneInput);
    biasRemoved(advice, edits, view, value);
  }
  regularizedOutput(advice, edits, view);
  vanishingGradient(advice, view);
}

function probabilitiesTwice(advice: Advice, edits: SourceEdits, view: NetworkView, value: Value): void {
  if (traitsOfValue(value).gives === undefined) return;
  const input = view.inputOf(value);
  if (input === undefined) return;
  const giver = view.giver(input);
  const { gives } = traitsOfValue(giver);
  if (gives !== "probabilities" && gives !== "probability") return;
  const [first, second] = seenTogether(giver, value) ?? [];
  if (first === undefined || second === undefined) return;
  advice.give("probabilities-twice", second.range, [second.name, first.name], {
    related: [{ range: first.range, message: `${first.name} gives probabilities here` }],
    fixes: () => [!second.use ? edits.remove(value) : !first.use ? edits.remove(giver) : undefined],
  });
}

function probabilityOfOne(advice: Advice, edits: SourceEdits, view: NetworkView, value: Value): void {
  const width = view.inputOf(value)?.shape?.at(-1);
  const single = layerWith(({ gives }) => gives === "probability");
  if (traitsOfValue(value).gives !== "probabilities" || width !== 1 || single === undefined) return;
  if (!isWrittenHere(value)) return;
  advice.give("probability-of-one", value.range, [calledName(value), single], {
    fixes: () => [edits.replace(value, single)],
  });
}

/** Two linear layers are one, unless the first is narrower than both sides: then they are one of lower rank. */
function linearTwice(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  value: Value,
  hasOneInput: (block: string) => boolean,
): void {
  if (!mixesAll(value)) return;
  const input = view.inputOf(value);
  const first = input && view.giver(input);
  if (first === undefined || !mixesAll(first)) return;
  // Whoever looks at the value in between may want it linear.
  for (const between of view.backwards(input!, (next) => next !== first)) {
    if (view.users(between).length !== 1 || view.isOutput(between)) return;
  }
  const [before, middle, after] = [view.inputOf(first), first, value].map((part) => part?.shape?.at(-1));
  if (before === undefined || middle === undefined || after === undefined) return;
  if (middle < Math.min(before, after)) return;
  const activation = layerWith(({ role }) => role === "activation");
  const [one, other] = seenTogether(first, value) ?? [];
  if (activation === undefined || one === undefined || other === undefined) return;
  const { range, use } = other;
  advice.give("linear-twice", range, [one.name, other.name, activation], {
    related: [{ range: one.range, message: `${one.name} gives any numbers here` }],
    fixes: () => [!use || hasOneInput(use.block) ? edits.insertBefore(range, activation) : undefined],
  });
}

/** Linear from a whole dimension to another: convolutions in a row are a common way to make one of fewer weights. */
function mixesAll(value: Value): boolean {
  const { role, width } = traitsOfValue(value);
  return value.source.kind === "layer" && role === "linear" && width !== undefined;
}

function biasRemoved(advice: Advice, edits: SourceEdits, view: NetworkView, value: Value): void {
  if (!traitsOfValue(value).removesBias) return;
  const linear = view.inputOf(value);
  if (linear?.source.kind !== "layer" || linear.source.arguments.bias !== true) return;
  if (traitsOf("layer", linear.source.layer).role !== "linear" || view.users(linear).length !== 1) return;
  const [biased, normalization] = seenTogether(linear, value) ?? [];
  if (biased === undefined || normalization === undefined) return;
  advice.give("bias-removed", biased.range, [biased.name, normalization.name], {
    related: [{ range: normalization.range, message: `${normalization.name} subtracts the mean here` }],
    fixes: () => [biased.use ? undefined : edits.setArgument(linear, "bias", "false")],
  });
}

/** Only activations and rearrangements between a layer that acts while training alone and the output. */
function regularizedOutput(advice: Advice, edits: SourceEdits, view: NetworkView): void {
  const { output } = view;
  if (output === undefined) return;
  const passes = (value: Value): boolean => keepsMeaning(value) || traitsOfValue(value).role === "activation";
  let found: Value | undefined;
  for (const value of view.backwards(output, passes)) {
    if (traitsOfValue(value).role === "regularization") found = value;
    else if (traitsOfValue(value).role === "activation" && traitsOfValue(value).gives === undefined) {
      // After a hidden layer's activation it may be the end of what makes features.
      if (found === undefined) return;
    }
    if (traitsOfValue(value).role !== "linear" || found === undefined) continue;
    const culprit = found;
    if (!isWrittenHere(culprit)) return;
    advice.give("regularized-output", culprit.range, [calledName(culprit)], {
      related: [{ range: value.range, message: `${calledName(value)} is the last layer with weights` }],
      fixes: () => [edits.remove(culprit)],
    });
    return;
  }
}

/** A sum lets the gradient past the chain, a normalization restores it. */
function vanishingGradient(advice: Advice, view: NetworkView): void {
  const depths = new Map<string, number>();
  for (const value of view.network.values) {
    const before = inputsOf(value)
      .filter((id) => depths.has(id))
      .map((id) => depths.get(id)!);
    const { role, saturates } = traitsOfValue(value);
    if (value.source.kind === "parameter" || value.source.kind === "constant") continue;
    const depth = before.length === 0 || role === "normalization" ? 0 : Math.min(...before);
    depths.set(value.id, depth + (saturates ? 1 : 0));
    if (!saturates || depth + 1 <= longestChain || !isWrittenHere(value)) continue;
    advice.give("vanishing-gradient", value.range, [depth + 1, calledName(value)]);
    return;
  }
}

const longestChain = 4; // Each takes three quarters of the gradient or more, at best.
