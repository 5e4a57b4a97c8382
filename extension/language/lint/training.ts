// Advice on a training: its loss against what the network gives, its data against both, and its numbers.

import { documentation, expectedBy, largestUsualRate, namesOf } from "../../../engine/model/catalog";
import { memoryFor, memoryOfTraining, shortage, surelyFits } from "../../../engine/model/memory";
import type { Call } from "../../../engine/protocol/catalog";
import type { DataSummary } from "../../../engine/protocol/data";
import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Training, Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Expression } from "../ast";
import { formatNumber } from "../format-number";
import { argumentNamed } from "../written-arguments";
import type { Advice } from "./advice";
import { calledName, inputsOf, isImported, layerWith, type NetworkView, traitsOfValue } from "./network-view";
import { setWidth } from "./sizes";
import type { SourceEdits } from "./source-edits";

export function adviseOnTraining(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  training: Training,
  summary: DataSummary | undefined,
): void {
  const declaration = edits.training(training.nameRange);
  if (declaration === undefined) return;
  const lossPlace = edits.entry(declaration, "loss");
  if (training.loss.kind === "call" && lossPlace !== undefined) {
    adviseOnLoss(advice, edits, view, training.loss.call, lossPlace);
  }
  largeRate(advice, edits, training, edits.entry(declaration, "optimizer"));
  if (summary === undefined) return;
  const batch = edits.entry(declaration, "batch");
  batchTooLarge(advice, training, summary, batch);
  tooMuchMemory(advice, view, training, summary, batch?.range ?? declaration.network.range);
  manyParameters(advice, view, training, summary, declaration.network.range);
  unscaledInputs(advice, edits, view, training, summary);
  if (training.loss.kind !== "call") return;
  spareOutputs(advice, edits, view, training, summary, training.loss.call, declaration.data.range);
  unreachableTargets(
    advice,
    edits,
    view,
    training,
    summary,
    training.loss.call,
    lossPlace?.range ?? training.nameRange,
  );
}

/** What a loss takes the output for against what it provably is. Also for the losses of checks. */
export function adviseOnLoss(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  loss: Call,
  place: Expression,
): void {
  const expected = expectedBy(loss.name);
  const { output } = view;
  if (output === undefined || expected === undefined || expected === "numbers") return;
  const layer = layerWith(({ gives }) => gives === expected);
  if (layer === undefined) return;
  const outcome = view.outcome(output);
  const giver = view.giver(output);
  const name = calledName(giver);
  const own = !isImported(view.network);
  const related = own ? [{ range: giver.range, message: `${name} gives the output here` }] : [];
  const { range } = place;
  const width = output.shape?.at(-1) ?? 1;
  const otherLoss = namesOf("loss").find((other) => expectedBy(other) === outcome);
  const changeLoss = (): Fix | undefined => (otherLoss === undefined ? undefined : changeCallee(place, otherLoss));
  if (outcome === "numbers") {
    // A single number cannot be a class of several: the loss for one probability comes first then.
    const single = expected === "probabilities" && width < 2;
    const fitting = single ? layerWith(({ gives }) => gives === "probability")! : layer;
    const lossFor = single ? namesOf("loss").find((other) => expectedBy(other) === "probability") : undefined;
    const fixes = (): (Fix | undefined)[] => {
      const appended = own ? edits.append(view.network.nameRange, fitting) : undefined;
      const changed = lossFor === undefined ? undefined : changeCallee(place, lossFor);
      if (lossFor === undefined) return [appended];
      return [appended && changed && join(`${appended.title} and use ${lossFor}`, appended, changed)];
    };
    advice.give("not-a-probability", range, [loss.name, name, fitting], { related, fixes });
  } else if (outcome === "logProbabilities") {
    const fixes = (): (Fix | undefined)[] => [own ? edits.replace(giver, layer) : undefined];
    advice.give("logarithm-twice", range, [loss.name, name, layer], { related, fixes });
  } else if (expected === "probabilities" && outcome === "probability") {
    const replaced = (): Fix | undefined => (own && width > 1 ? edits.replace(giver, layer) : undefined);
    advice.give("separate-probabilities", range, [loss.name, name], {
      related,
      fixes: () => [replaced(), changeLoss()],
    });
  } else if (expected === "probability" && outcome === "probabilities" && otherLoss !== undefined) {
    advice.give("joint-probabilities", range, [loss.name, name, otherLoss], { related, fixes: () => [changeLoss()] });
  }
}

function largeRate(advice: Advice, edits: SourceEdits, training: Training, place: Expression | undefined): void {
  const { name, arguments: args } = training.optimizer;
  const largest = largestUsualRate(name);
  const { rate } = args;
  if (place === undefined || largest === undefined || typeof rate !== "number" || rate <= largest) return;
  const docs = documentation("optimizer", name)!;
  const usual = docs.arguments.find((argument) => argument.name === "rate")?.default;
  if (typeof usual !== "number") return;
  const written = place.kind === "call" ? argumentNamed(place.arguments, docs.arguments, "rate") : undefined;
  advice.give("large-rate", written?.value.range ?? place.range, [name, String(rate), String(usual)], {
    fixes: () => [edits.setCallArgument(place, docs, "rate", String(usual))],
  });
}

function batchTooLarge(
  advice: Advice,
  { batchSize, validation, data }: Training,
  { samples }: DataSummary,
  place: Expression | undefined,
): void {
  const kept = samplesKept(validation, samples);
  // Without an entry nobody has chosen the size.
  if (place === undefined || batchSize <= kept || kept < 1) return;
  advice.give("batch-too-large", place.range, [batchSize, data.name, kept], {
    fixes: () => [{ title: `Change to ${kept}`, edits: [{ range: place.range, newText: String(kept) }] }],
  });
}

/** Samples to train on. */
function samplesKept(validation: Training["validation"], samples: number): number {
  return validation.kind === "fraction" ? samples - Math.round(samples * validation.fraction) : samples;
}

/** On any machine: what float32 can reach. What this machine lacks is said when the training begins. */
function tooMuchMemory(
  advice: Advice,
  view: NetworkView,
  training: Training,
  { samples, targetShape }: DataSummary,
  range: Range,
): void {
  const { network } = training;
  const batchSize = Math.min(training.batchSize, samplesKept(training.validation, samples));
  const available = memoryFor("float32", Number.POSITIVE_INFINITY);
  if (!network.complete || surelyFits(training, batchSize, available)) return;
  const need = memoryOfTraining(training, { batchSize, targetShape, precision: "float32" });
  const missing = shortage(need, available);
  if (missing === undefined) return;
  const largest = need.largest && view.get(need.largest.value);
  const related =
    largest && !isImported(network) ? [{ range: largest.range, message: `${need.largest!.name} is here` }] : [];
  advice.give("too-much-memory", range, [network.name, batchSize, missing], { related });
}

/** Silent about a handful of samples, which are meant to be learnt by heart, and where something holds against it. */
function manyParameters(
  advice: Advice,
  { network }: NetworkView,
  training: Training,
  { samples }: DataSummary,
  range: Range,
): void {
  if (samples < fewestSamples || training.stop !== undefined || (training.regularize ?? []).length > 0) return;
  const holdsAgainst = network.values.some(
    (value) =>
      traitsOfValue(value).role === "regularization" ||
      (value.source.kind === "layer" && penaltyNames.some((name) => isPositive(value, name))),
  );
  const count = network.parameters
    .filter(({ trainable }) => trainable)
    .reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0);
  if (holdsAgainst || count <= mostPerSample * samples) return;
  const words = [network.name, count.toLocaleString("en-US"), samples.toLocaleString("en-US")] as const;
  advice.give("many-parameters", range, [...words]);
}

const fewestSamples = 50;
const mostPerSample = 10;
const penaltyNames = ["l1", "l2"];

function isPositive({ source }: Value, argument: string): boolean {
  const value = source.kind === "layer" ? source.arguments[argument] : undefined;
  return typeof value === "number" && value > 0;
}

/** Only where the source can scale, and the network does not normalize first. */
function unscaledInputs(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  { data, network }: Training,
  { inputRange }: DataSummary,
): void {
  const docs = documentation("dataset", data.source.name);
  const declaration = edits.data(data.nameRange);
  if (inputRange === undefined || declaration === undefined) return;
  if (docs?.arguments.every(({ name }) => name !== "scale") ?? true) return;
  const largest = Math.max(Math.abs(inputRange[0]), Math.abs(inputRange[1]));
  if (largest <= largestUnscaled || !Number.isFinite(largest)) return;
  const first = network.values.filter((value) => inputsOf(value).some((id) => view.get(id)?.source.kind === "input"));
  // An index of a table is no number to scale, and whoever computes with the input by hand may scale it there.
  if (!first.every((value) => traitsOfValue(value).role === "linear" || keepsScale(value))) return;
  const bound = roundBound(largest);
  const call = declaration.source;
  const written = call.kind === "call" ? argumentNamed(call.arguments, docs!.arguments, "scale") : undefined;
  const simple = written?.value.kind === "number" || written?.value.kind === "name";
  const old = written && edits.textOf(written.value.range);
  const scale = old === undefined || old === "1" ? `1/${bound}` : simple ? `${old}/${bound}` : `(${old})/${bound}`;
  const words = [data.name, formatNumber(inputRange[0]), formatNumber(inputRange[1])] as const;
  advice.give("unscaled-inputs", data.sourceRange, [...words], {
    fixes: () => [edits.setCallArgument(call, docs!, "scale", scale)],
  });
}

function keepsScale(value: Value): boolean {
  const { role } = traitsOfValue(value);
  return role === "rearrangement" || role === "regularization";
}

const largestUnscaled = 10; // Lengths in centimetres and points of synthetic clouds are left alone.

/** The bound that the numbers probably have: 16 and 255 are those of pixels, others 1, 2 or 5 times a power of ten. */
function roundBound(largest: number): number {
  if (largest <= 16) return 16;
  if (largest > 200 && largest <= 255) return 255;
  const power = 10 ** Math.floor(Math.log10(largest));
  return power * ([1, 2, 5, 10].find((factor) => largest <= factor * power) ?? 10);
}

function spareOutputs(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  { data }: Training,
  { classes, targetShape }: DataSummary,
  loss: Call,
  range: Range,
): void {
  const { output } = view;
  const outputs = output?.shape?.at(-1);
  if (classes === undefined || targetShape.length > 0 || output === undefined || outputs === undefined) return;
  if (expectedBy(loss.name) !== "probabilities" || outputs <= classes.length) return;
  const own = !isImported(view.network);
  advice.give("spare-outputs", range, [data.name, classes.length, outputs], {
    related: own ? [{ range: output.range, message: `the output has ${outputs} numbers` }] : [],
    fixes: () => [own ? setWidth(edits, view, output, classes.length) : undefined],
  });
}

/** The output's bounds against the targets', with room for noise. */
function unreachableTargets(
  advice: Advice,
  edits: SourceEdits,
  view: NetworkView,
  { data }: Training,
  { targetRange }: DataSummary,
  loss: Call,
  range: Range,
): void {
  const { output } = view;
  if (output === undefined || targetRange === undefined || expectedBy(loss.name) !== "numbers") return;
  const giver = view.giver(output);
  const bounds = traitsOfValue(giver).range;
  const [low, high] = targetRange;
  const room = outOfReach * (high - low);
  if (bounds === undefined || !(low < bounds[0] - room || high > bounds[1] + room)) return;
  const own = !isImported(view.network);
  const targets = `${formatNumber(low)} to ${formatNumber(high)}`;
  advice.give("unreachable-targets", range, [calledName(giver), inWords(bounds), data.name, targets], {
    related: own ? [{ range: giver.range, message: `${calledName(giver)} gives the output here` }] : [],
    fixes: () => [own ? edits.remove(giver) : undefined],
  });
}

const outOfReach = 0.2; // Of the targets' span: noise around a reachable target is none of the network's business.

function inWords([low, high]: readonly [number, number]): string {
  if (high === Number.POSITIVE_INFINITY) return `nothing below ${formatNumber(low)}`;
  if (low === Number.NEGATIVE_INFINITY) return `nothing above ${formatNumber(high)}`;
  return `numbers from ${formatNumber(low)} to ${formatNumber(high)}`;
}

function changeCallee(place: Expression, name: string): Fix | undefined {
  if (place.kind !== "name" && place.kind !== "call") return undefined;
  // Arguments belong to the loss that goes.
  return { title: `Use ${name}`, edits: [{ range: place.range, newText: name }] };
}

function join(title: string, ...fixes: readonly Fix[]): Fix {
  return { title, edits: fixes.flatMap((fix) => fix.edits) };
}
