// Why a loss became NaN or infinite: the value where it began, and what most likely did it.

import type { NdArray } from "../protocol/array";
import type { Training, Value, ValueId } from "../protocol/network";
import { formatNumber } from "./print";
import type { Weights } from "./weights";

/** A step that could not be made. Values and gradients are those of its batch. */
export interface FailedStep {
  readonly training: Training;
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  /** What the numbers are kept in: it says from where on they are infinite. */
  readonly precision: "float64" | "float32";
  readonly weights: Weights;
  value(id: ValueId): NdArray;
  gradient(id: ValueId): NdArray | undefined;
  /** In order of computation. */
  readonly ids: readonly ValueId[];
}

export interface Breakdown {
  /** One sentence of what happened, one of where it began, one of what to do. */
  readonly message: string;
  /** The value or parameter where it began; absent when the loss itself is where. */
  readonly value?: ValueId;
}

export function explainNotFinite(failed: FailedStep): Breakdown {
  const { training, epoch, step, loss } = failed;
  const what = Number.isFinite(loss)
    ? `the gradients are no longer finite numbers at step ${step} (epoch ${epoch})`
    : `the loss is ${formatNumber(loss)} at step ${step} (epoch ${epoch})`;
  const { text, value } = origin(failed);
  return { message: `${training.name}: ${what}. ${text}`, ...(value !== undefined && { value }) };
}

interface Origin {
  readonly text: string;
  readonly value?: ValueId;
}

function origin(failed: FailedStep): Origin {
  const { training, weights, ids } = failed;
  const { network } = training;
  const [badParameter] = network.parameters.filter(({ id }) => share(weights.get(id)!) > 0);
  if (badParameter) {
    const text = `${badParameter.id} is not finite any more: the last update was too large. ${slower(training)}`;
    return { text, value: badParameter.id };
  }

  const badValue = network.values.find(({ id }) => share(failed.value(id)) > 0);
  if (badValue) {
    const bad = failed.value(badValue.id);
    const where = `It begins in ${nameOf(badValue)}, where ${percent(share(bad))} of the elements are not finite`;
    const value = badValue.id;
    if (badValue.source.kind === "input")
      return { text: `${where}: so is the data. ${scaleOfData[failed.precision]}`, value };
    return { text: `${where}; ${inputsOf(failed, badValue)}. ${cause(failed, badValue)}`, value };
  }

  if (!Number.isFinite(failed.loss)) {
    const output = network.outputs[0]!.value;
    const text = `Every value of ${network.name} is finite, but ${lossName(training)} of ${output} between ${extent([failed.value(output)])} is not. ${cause(failed, undefined)}`;
    return { text, value: output };
  }

  // Backward runs from the output to the inputs: the last id is the first to go wrong.
  const badGradient = ids.findLast((id) => {
    const gradient = failed.gradient(id);
    return gradient !== undefined && share(gradient) > 0;
  });
  if (badGradient === undefined) return { text: slower(training) };
  const value = failed.value(badGradient);
  const text = `The loss is finite, but not its gradient with respect to ${badGradient}, whose values lie between ${extent([value])}. ${cause(failed, undefined)}`;
  return { text, value: badGradient };
}

const scaleOfData = {
  float64: "Look at its file and its scale.",
  float32: "Trainings run in float32, which ends at 3.4e38: scale the data down.",
} as const;

/** What the numbers and the operation suggest. */
function cause(failed: FailedStep, value: Value | undefined): string {
  const { training, weights } = failed;
  const largestWeight = Math.max(0, ...[...weights.values()].map(largest));
  if (largestWeight > grownWeight) {
    return `The weights have grown up to ${formatNumber(largestWeight, 2)}. ${slower(training)}`;
  }
  const operation = value?.source.kind === "operation" ? value.source.function : undefined;
  const hint = operation === undefined ? undefined : hints.find(({ functions }) => functions.includes(operation));
  return hint?.advice(failed) ?? `${slower(training)} Or scale the data down, if its numbers are large.`;
}

const grownWeight = 1e3; // Initializers draw weights around 1; trained ones rarely leave ±100.

interface Hint {
  readonly functions: readonly string[];
  advice(failed: FailedStep): string;
}

/** What eˣ is infinite above: the logarithm of the largest number. */
const largestExponent = { float64: "709.7", float32: "88.7" } as const;

const hints: readonly Hint[] = [
  { functions: ["log"], advice: () => "A logarithm needs numbers above 0: add a small one, as in log(x + 1e-7)." },
  { functions: ["sqrt"], advice: () => "A square root needs numbers of at least 0." },
  { functions: ["/", "div", "divide"], advice: () => "Division by 0: add a small number to the divisor." },
  {
    functions: ["exp"],
    advice: ({ precision }) => `exp(x) is infinite above ${largestExponent[precision]}: subtract the maximum first.`,
  },
  { functions: ["^", "pow", "power"], advice: () => "A power of these numbers is too large or not a real number." },
];

function slower({ optimizer }: Training): string {
  const { rate } = optimizer.arguments;
  return typeof rate === "number"
    ? `Try a learning rate below ${formatNumber(rate)}, say ${formatNumber(rate / 10)}.`
    : "Try a smaller learning rate.";
}

function lossName({ loss }: Training): string {
  return loss.kind === "call" ? loss.call.name : `the loss ${loss.text}`;
}

function inputsOf(failed: FailedStep, { source }: Value): string {
  const inputs = source.kind === "operation" || source.kind === "layer" ? source.inputs : [];
  if (inputs.length === 0) return "it has no inputs";
  return `what goes in lies between ${extent(inputs.map((id) => failed.value(id)))}`;
}

function nameOf({ id, name, title }: Value): string {
  return name === undefined || name === title ? title : `${id} (${title})`;
}

const share = ({ data }: NdArray): number =>
  data.length === 0 ? 0 : data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0) / data.length;

const largest = ({ data }: NdArray): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function extent(arrays: readonly NdArray[]): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { data } of arrays) {
    for (const value of data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return `${formatNumber(low, 3)} and ${formatNumber(high, 3)}`;
}

function percent(part: number): string {
  return part < 0.005 ? "less than 1%" : `${Math.round(100 * part)}%`;
}
