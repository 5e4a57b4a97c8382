// `train Network on Data { … }` → Training, with the data held against the network's input and the loss.

import { documentation, namesOf } from "../../../engine/model/catalog";
import { formatShape } from "../../../engine/model/shape";
import type { ArgumentType, Call } from "../../../engine/protocol/catalog";
import type { Checkpointing, Training, Validation, ValueId } from "../../../engine/protocol/network";
import type { Expression, TrainDeclaration } from "../ast";
import { argumentValue, calleeOf, catalogCall, reportUnknown } from "./arguments";
import { noAttributes } from "./constants";
import { type Context, oneLine } from "./context";
import type { LoweredData } from "./data";
import { type Read, readEntries, readEntry } from "./entries";
import { addEntry } from "./fixes";
import { type LoweredLoss, lossProblem, lowerLoss } from "./loss";
import type { LoweredNetwork } from "./network";

const entryNames = {
  body: "train",
  known: [
    "loss",
    "optimizer",
    "schedule",
    "batch",
    "epochs",
    "steps",
    "validation",
    "metrics",
    "regularize",
    "clip",
    "stop",
    "seed",
    "shuffle",
    "checkpoint",
    "backend",
  ],
} as const;

const callEntries = { optimizer: "optimizer", schedule: "schedule", clip: "clip", stop: "stopping" } as const;

/** What is used when an entry is left out. */
export const trainingDefaults = { batch: 32, epochs: 10, seed: 0, shuffle: true } as const;

/** Entries that are one number or switch; `validation` may also name a data set. */
export const entryTypes = {
  batch: { kind: "integer", min: 1 },
  epochs: { kind: "integer", min: 1 },
  steps: { kind: "integer", min: 1 },
  validation: { kind: "number", above: 0, below: 1 },
  seed: { kind: "integer", min: 0 },
  shuffle: { kind: "boolean" },
} as const satisfies Readonly<Record<string, ArgumentType>>;

export interface TrainingParts {
  readonly name: string;
  /** Undefined when the network or its arguments are wrong; that has been reported. */
  readonly network: LoweredNetwork | undefined;
  readonly data: LoweredData | undefined;
  /** Finds a data set by name, reporting an unknown one. */
  findData(name: string, range: TrainDeclaration["range"]): LoweredData | undefined;
  /** Called for every value of the network that the loss looks at. */
  observed(id: ValueId): void;
}

/** Undefined after reporting why it cannot run. */
export function lowerTraining(
  context: Context,
  declaration: TrainDeclaration,
  { name, network, data, findData, observed }: TrainingParts,
): Training | undefined {
  const entries = readEntries(context, declaration.entries, entryNames);
  const summary = data?.description?.kind === "ready" ? data.description.summary : undefined;
  const loss = lowerLoss(context, entries.get("loss"), network, summary?.targetShape);
  for (const id of loss?.observed ?? []) observed(id);
  const called = (key: keyof typeof callEntries): Read<Call> =>
    readEntry(entries.get(key), (value) => catalogCall(context, callEntries[key], value, noAttributes)?.call);
  const optimizer = called("optimizer");
  const schedule = called("schedule");
  const clip = called("clip");
  const stop = called("stop");
  const regularize = readEntry(entries.get("regularize"), (value) => lowerRegularizers(context, value));
  const steps = readEntry(entries.get("steps"), (value) => {
    const number = argumentValue(context, "steps", entryTypes.steps, value, noAttributes);
    return typeof number === "number" ? number : undefined;
  });
  const batchSize = entryValue(context, "batch", entries.get("batch"));
  const epochs = entryValue(context, "epochs", entries.get("epochs"));
  const seed = entryValue(context, "seed", entries.get("seed"));
  const shuffle = entryValue(context, "shuffle", entries.get("shuffle"));
  const validation = lowerValidation(context, entries.get("validation"), findData);
  const metrics = lowerMetrics(context, entries.get("metrics"));
  const checkpoint = readEntry(entries.get("checkpoint"), (value) => lowerCheckpoint(context, value));
  const backend = readEntry(entries.get("backend"), (value) => lowerBackend(context, value));
  for (const required of ["loss", "optimizer"] as const) {
    if (entries.has(required)) continue;
    const example = `${required}: ${namesOf(required)[0]}`;
    const fixes = addEntry(context.text, declaration.range, example);
    context.reporter.report("missing-entry", declaration.network.range, ["train", required, example], { fixes });
  }
  if (network !== undefined && !compareWithData(context, declaration, network, data, loss)) return undefined;
  if (network === undefined || data === undefined || loss === undefined || optimizer.value === undefined)
    return undefined;
  if ([schedule, clip, stop, regularize, steps, checkpoint, backend].some(({ ok }) => !ok)) return undefined;
  if (validation === undefined || metrics === undefined) return undefined;
  if (batchSize === undefined || epochs === undefined || seed === undefined || shuffle === undefined) return undefined;
  if (!network.network.complete) {
    const { nameRange } = network.network;
    const related = [{ range: nameRange, message: `${network.network.name} is declared here` }];
    context.reporter.report("network-error", declaration.network.range, [network.network.name], { related });
    return undefined;
  }
  return {
    name,
    documentation: declaration.documentation,
    range: declaration.range,
    nameRange: (declaration.alias ?? declaration.network).range,
    network: network.network,
    data: data.declaration,
    loss: loss.loss,
    optimizer: optimizer.value,
    ...(schedule.value ? { schedule: schedule.value } : {}),
    batchSize,
    epochs,
    ...(steps.value ? { steps: steps.value } : {}),
    ...(regularize.value ? { regularize: regularize.value } : {}),
    ...(clip.value ? { clip: clip.value } : {}),
    ...(stop.value ? { stop: stop.value } : {}),
    validation,
    metrics,
    seed,
    shuffle,
    ...(checkpoint.value ? { checkpoint: checkpoint.value } : {}),
  };
}

const backends = { kind: "choice", choices: ["wasm", "pytorch"] } as const;

/** What computes: the machine of this program, which is all there is so far. */
function lowerBackend(context: Context, value: Expression): "wasm" | undefined {
  const chosen = argumentValue(context, "backend", backends, value, noAttributes);
  if (chosen === "pytorch") context.reporter.report("not-supported", value.range, ["`backend: pytorch` is"]);
  return chosen === "wasm" ? chosen : undefined;
}

function entryValue<Name extends keyof typeof trainingDefaults>(
  context: Context,
  name: Name,
  expression: Expression | undefined,
): (typeof trainingDefaults)[Name] extends boolean ? boolean | undefined : number | undefined;
function entryValue(
  context: Context,
  name: keyof typeof trainingDefaults,
  expression: Expression | undefined,
): unknown {
  if (expression === undefined) return trainingDefaults[name];
  return argumentValue(context, name, entryTypes[name], expression, noAttributes);
}

function lowerValidation(
  context: Context,
  expression: Expression | undefined,
  findData: TrainingParts["findData"],
): Validation | undefined {
  if (expression === undefined) return { kind: "none" };
  if (expression.kind === "name") {
    const data = findData(expression.name, expression.range);
    return data && { kind: "data", data: data.declaration };
  }
  const fraction = argumentValue(context, "validation", entryTypes.validation, expression, noAttributes);
  return typeof fraction === "number" ? { kind: "fraction", fraction } : undefined;
}

/** `5` for every five epochs, or the file to write after each. */
function lowerCheckpoint(context: Context, expression: Expression): Checkpointing | undefined {
  if (expression.kind !== "string") {
    const epochs = argumentValue(context, "checkpoint", { kind: "integer", min: 1 }, expression, noAttributes);
    return typeof epochs === "number" ? { epochs } : undefined;
  }
  if (expression.value.endsWith(".safetensors")) return { epochs: 1, path: expression.value };
  const expected = "a number of epochs, or a file whose name ends in .safetensors";
  const given = `${oneLine(context.text, expression.range, 30)} was given`;
  context.reporter.report("argument-type", expression.range, ["checkpoint", expected, given]);
  return undefined;
}

/** One, or a list of them. */
function lowerRegularizers(context: Context, expression: Expression): readonly Call[] | undefined {
  const elements = expression.kind === "list" ? expression.elements : [expression];
  const calls = elements.map((element) => catalogCall(context, "regularizer", element, noAttributes)?.call);
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

function lowerMetrics(context: Context, expression: Expression | undefined): readonly string[] | undefined {
  if (expression === undefined) return [];
  const elements = expression.kind === "list" ? expression.elements : [expression];
  const metrics: string[] = [];
  for (const element of elements) {
    const name = metricName(context, element);
    if (name === undefined) return undefined;
    metrics.push(name);
  }
  return [...new Set(metrics)];
}

function metricName(context: Context, expression: Expression): string | undefined {
  if (expression.kind === "missing") return undefined;
  if (expression.kind !== "name") {
    const given = `${oneLine(context.text, expression.range, 30)} was given`;
    const expected = `one of ${namesOf("metric").join(", ")}`;
    context.reporter.report("argument-type", expression.range, ["a metric", expected, given]);
    return undefined;
  }
  const callee = calleeOf(expression);
  if (documentation("metric", callee.name) === undefined) {
    reportUnknown(context, "metric", callee, namesOf("metric"));
    return undefined;
  }
  context.mention(callee.range, { kind: "callable", callable: "metric", name: callee.name });
  return callee.name;
}

/** Whether network, data and loss fit, as far as it is known. */
function compareWithData(
  context: Context,
  declaration: TrainDeclaration,
  { network, shapeOf }: LoweredNetwork,
  data: LoweredData | undefined,
  loss: LoweredLoss | undefined,
): boolean {
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    const related = inputs.map(({ range, id }) => ({ range, message: `${id} is an input` }));
    context.reporter.report("input-count", declaration.network.range, [network.name, inputs.length], { related });
    return false;
  }
  if (data?.description?.kind === "problem") return false;
  if (data?.description === undefined) return true;
  const { inputShape, targetShape, classes } = data.description.summary;
  const { name, nameRange } = data.declaration;
  const dataPlace = (shape: readonly number[]) => ({
    range: nameRange,
    message: `${name} gives ${formatShape(shape)}`,
  });
  if (input.shape !== undefined && formatShape(input.shape) !== formatShape(inputShape)) {
    const related = [
      { range: input.range, message: `${input.id} is ${formatShape(input.shape)}` },
      dataPlace(inputShape),
    ];
    const words = [name, formatShape(inputShape), input.id, formatShape(input.shape)] as const;
    context.reporter.report("data-shape", declaration.data.range, [...words], { related });
    return false;
  }
  const output = network.values.find(({ id }) => id === network.outputs[0]?.value);
  const shape = shapeOf(output?.id)?.shape;
  if (output === undefined || shape === undefined || loss?.loss.kind !== "call") return true;
  const outputPlace = { range: output.range, message: `the output is ${formatShape(shape)}` };
  const problem = lossProblem(loss.loss.call, shape, targetShape);
  if (problem !== undefined) {
    const related = [
      outputPlace,
      { ...dataPlace(targetShape), message: `a target of ${name} is ${formatShape(targetShape)}` },
    ];
    context.reporter.report("loss-shape", loss.range, [problem], { related });
    return false;
  }
  const outputs = shape.at(-1) ?? 1;
  if (classes !== undefined && targetShape.length === 0 && outputs > 1 && outputs < classes.length) {
    const related = [outputPlace];
    context.reporter.report("class-count", declaration.data.range, [name, classes.length, outputs], { related });
    return false;
  }
  return true;
}
