// Advice on a network alone: layers in a row that undo or repeat each other. What two uses of a block do to each other
// is not looked at: either may be right elsewhere.

import { traitsOf } from "../../../engine/model/catalog";
import type { Value } from "../../../engine/protocol/network";
import type { Advice } from "./advice";
import {
  calledName,
  inputsOf,
  isWrittenHere,
  keepsMeaning,
  layerWith,
  type NetworkView,
  sameBody,
  traitsOfValue,
} from "./network-view";
import type { SourceEdits } from "./source-edits";

export function adviseOnLayers(advice: Advice, edits: SourceEdits, view: NetworkView): void {
  for (const value of view.network.values) {
    if (value.source.kind !== "layer" && value.source.kind !== "operation") continue;
    if (!isWrittenHere(value)) continue;
    probabilitiesTwice(advice, edits, view, value);
    probabilityOfOne(advice, edits, view, value);
    linearTwice(advice, edits, view, value);
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
  if ((gives !== "probabilities" && gives !== "probability") || !sameBody(giver, value)) return;
  advice.give("probabilities-twice", value.range, [calledName(value), calledName(giver)], {
    related: [{ range: giver.range, message: `${calledName(giver)} gives probabilities here` }],
    fixes: () => [edits.remove(value)],
  });
}

function probabilityOfOne(advice: Advice, edits: SourceEdits, view: NetworkView, value: Value): void {
  const width = view.inputOf(value)?.shape?.at(-1);
  const single = layerWith(({ gives }) => gives === "probability");
  if (traitsOfValue(value).gives !== "probabilities" || width !== 1 || single === undefined) return;
  advice.give("probability-of-one", value.range, [calledName(value), single], {
    fixes: () => [edits.replace(value, single)],
  });
}

/** Two linear layers are one, unless the first is narrower than both sides: then they are one of lower rank. */
function linearTwice(advice: Advice, edits: SourceEdits, view: NetworkView, value: Value): void {
  if (!mixesAll(value)) return;
  const input = view.inputOf(value);
  const first = input && view.giver(input);
  if (first === undefined || !mixesAll(first) || !sameBody(first, value)) return;
  // Whoever looks at the value in between may want it linear.
  for (const between of view.backwards(input!, (next) => next !== first)) {
    if (view.users(between).length !== 1 || view.isOutput(between)) return;
  }
  const [before, middle, after] = [view.inputOf(first), first, value].map((part) => part?.shape?.at(-1));
  if (before === undefined || middle === undefined || after === undefined) return;
  if (middle < Math.min(before, after)) return;
  const activation = layerWith(({ role }) => role === "activation");
  if (activation === undefined) return;
  advice.give("linear-twice", value.range, [calledName(first), calledName(value), activation], {
    related: [{ range: first.range, message: `${calledName(first)} gives any numbers here` }],
    fixes: () => [edits.insertBefore(value, activation)],
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
  if (linear?.source.kind !== "layer" || linear.source.arguments.bias !== true || !sameBody(linear, value)) return;
  if (traitsOf("layer", linear.source.layer).role !== "linear" || view.users(linear).length !== 1) return;
  advice.give("bias-removed", linear.range, [calledName(linear), calledName(value)], {
    related: [{ range: value.range, message: `${calledName(value)} subtracts the mean here` }],
    fixes: () => [edits.setArgument(linear, "bias", "false")],
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
