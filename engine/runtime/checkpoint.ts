// A training written down: where a Trainer stands ↔ the bytes of a safetensors file. Weights, optimizer state and reports
// are its tensors, all else is JSON in its metadata.

import { createHash } from "node:crypto";
import { DataError, type Dataset } from "../data/dataset";
import { readSafetensors, type TensorToWrite, type TensorType, writeSafetensors } from "../data/safetensors";
import { meaningOf } from "../model/meaning";
import type { NdArray, Shape } from "../protocol/array";
import type { Training } from "../protocol/network";
import type { OptimizerState } from "./computation";
import { columnsOf, type ReportColumns, reportsIn, tableOf } from "./report-table";
import type { TallyState } from "./tally";
import type { Trainer } from "./trainer";
import type { Kept, TrainerState } from "./trainer-state";
import { differences, fewOf, subjectOf, type TrainingSubject } from "./training-subject";
import type { Weights } from "./weights";

export interface Checkpoint {
  /** The training's name. */
  readonly name: string;
  readonly subject: TrainingSubject;
  /** The rule that ended it, or would have. */
  readonly stop: string;
  readonly state: TrainerState;
}

/** The parts of a file; the same numbers give the same bytes. */
export function encodeCheckpoint(trainer: Trainer): Uint8Array[] {
  const { training, data, validation, precision } = trainer;
  const state = trainer.state();
  const { weights, optimizer, best, trained, validated, reports, ...standing } = state;
  const columns = columnsOf(reports);
  const type = precision === "float64" ? "F64" : "F32";
  const tensors = new Map<string, TensorToWrite>([
    ...named("weights", weights, type),
    ...slotNumbers(optimizer).flatMap((slot) => named(`optimizer/${slot}`, slotOf(optimizer, slot, weights), type)),
    ...(best ? named("best", best.weights, type) : []),
    ...named("tally", talliedArrays(trained, validated), "F64"),
    ["reports", { type: "F64", array: tableOf(reports, columns) }],
  ]);
  const record: Written = {
    name: training.name,
    subject: subjectOf(training, data, validation),
    stop: stopOf(training),
    slots: slotNumbers(optimizer).length,
    standing,
    columns,
    ...(best && { best: { epoch: best.epoch, step: best.step } }),
    trained: { samples: trained.samples, lossSum: trained.lossSum },
    validated: { samples: validated.samples, lossSum: validated.lossSum },
  };
  const json = JSON.stringify(record, writeNumber);
  const shapes = [...tensors].map(([name, { array }]) => [name, array.shape] as const);
  return writeSafetensors(tensors, { format, training: json, sha256: hashOf(json, shapes) });
}

/** Throws DataError when it is no checkpoint, not all of one, or damaged. */
export function decodeCheckpoint(file: string, bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(file, bytes);
  const shapes = [...tensors].map(([name, { shape }]) => [name, shape] as const);
  const written = recordIn(file, metadata, shapes);
  const prefixed = (prefix: string) =>
    new Map(written.subject.parameters.map(({ id }) => [id, tensors.get(`${prefix}/${id}`)!]));
  const { standing, columns, best, slots, trained, validated } = written;
  return {
    name: written.name,
    subject: written.subject,
    stop: written.stop,
    state: {
      ...standing,
      reports: reportsIn(tensors.get("reports")!, columns),
      weights: prefixed("weights"),
      optimizer: optimizerIn(tensors, slots),
      ...(best && { best: { ...best, weights: prefixed("best") } }),
      trained: { ...trained, ...arraysOf(tensors, "trained") },
      validated: { ...validated, ...arraysOf(tensors, "validated") },
    },
  };
}

/** Where to go on. Throws DataError, naming what differs, when the checkpoint was written for something else. */
export function stateFor(
  { file, checkpoint: { subject, stop, state } }: { readonly file: string; readonly checkpoint: Checkpoint },
  training: Training,
  data: Dataset,
  validation: Dataset | undefined,
): TrainerState {
  const different = differences(subject, subjectOf(training, data, validation));
  if (different.length > 0) {
    throw new DataError(
      `${file} does not fit ${training.name} any more: ${fewOf(different)}. Undo that, or train from the beginning.`,
    );
  }
  // Another rule has not had its say yet.
  return stop === stopOf(training) ? state : { ...state, patience: { ...state.patience, isOver: false } };
}

/** Where a trainer goes on that was given the state of a file. */
export function resumedFrom(file: string, { training, epoch, step, isFinished }: Trainer): string {
  return isFinished
    ? `${training.name} is at its end in ${file}: give it more epochs to go on`
    : `${training.name} goes on in epoch ${epoch}, after step ${step}, from ${file}`;
}

/** Those that the training would have given if it had ended there. */
export function weightsIn({ state: { phase, best, weights } }: Checkpoint): Weights {
  return phase.kind === "ended" && best ? best.weights : weights;
}

const format = "nnet checkpoint 1";

/** The JSON of a checkpoint. */
interface Written {
  readonly name: string;
  readonly subject: TrainingSubject;
  readonly stop: string;
  /** Arrays that the optimizer keeps for each trainable parameter. */
  readonly slots: number;
  readonly standing: Omit<TrainerState, "weights" | "optimizer" | "best" | "trained" | "validated" | "reports">;
  readonly columns: ReportColumns;
  readonly best?: Omit<Kept, "weights">;
  readonly trained: Omit<TallyState, "predictions" | "targets">;
  readonly validated: Omit<TallyState, "predictions" | "targets">;
}

type Shapes = readonly (readonly [name: string, Shape])[];

function recordIn(file: string, metadata: Readonly<Record<string, string>>, shapes: Shapes): Written {
  const { training: json, sha256 } = metadata;
  if (!metadata.format?.startsWith("nnet checkpoint ")) {
    throw new DataError(`${file} holds tensors, but is no checkpoint of nnet`);
  }
  if (metadata.format !== format) {
    throw new DataError(`${file} is an ${metadata.format}, and this version of nnet reads ${format}`);
  }
  if (json === undefined || hashOf(json, shapes) !== sha256) {
    throw new DataError(`${file} is damaged: what it says of the training is not what was written`);
  }
  // The hash tells that `encodeCheckpoint` wrote it, and that all its tensors are there.
  return JSON.parse(json, readNumber) as Written;
}

const hashOf = (json: string, shapes: Shapes): string =>
  createHash("sha256").update(json).update(JSON.stringify(shapes)).digest("hex");

const stopOf = ({ stop }: Training): string => (stop ? meaningOf(stop) : "");

/** JSON has neither NaN nor infinities, and forgets the sign of −0. */
function writeNumber(_: string, value: unknown): unknown {
  if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { number: Object.is(value, -0) ? "-0" : String(value) };
}

function readNumber(_: string, value: unknown): unknown {
  const isNumber = typeof value === "object" && value !== null && "number" in value;
  return isNumber ? Number(value.number) : value;
}

function named(
  prefix: string,
  arrays: Iterable<readonly [string, NdArray]>,
  type: TensorType,
): [string, TensorToWrite][] {
  return [...arrays].map(([name, array]) => [`${prefix}/${name}`, { type, array }]);
}

function slotNumbers(state: OptimizerState): number[] {
  return Array.from([...state.values()][0] ?? [], (_, slot) => slot);
}

function slotOf(state: OptimizerState, slot: number, weights: Weights): [string, NdArray][] {
  return [...state].map(([id, slots]) => [id, { shape: weights.get(id)!.shape, data: slots[slot]! }]);
}

function optimizerIn(tensors: ReadonlyMap<string, NdArray>, count: number): OptimizerState {
  const prefix = "optimizer/0/";
  const ids = [...tensors.keys()].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  return new Map(
    ids.map((id) => [id, Array.from({ length: count }, (_, slot) => tensors.get(`optimizer/${slot}/${id}`)!.data)]),
  );
}

function talliedArrays(trained: TallyState, validated: TallyState): [string, NdArray][] {
  return Object.entries({ trained, validated }).flatMap(([tally, { predictions, targets }]) =>
    predictions && targets
      ? [
          [`${tally}/predictions`, predictions],
          [`${tally}/targets`, targets],
        ]
      : [],
  );
}

function arraysOf(
  tensors: ReadonlyMap<string, NdArray>,
  tally: "trained" | "validated",
): Pick<TallyState, "predictions" | "targets"> {
  const predictions = tensors.get(`tally/${tally}/predictions`);
  const targets = tensors.get(`tally/${tally}/targets`);
  return predictions && targets ? { predictions, targets } : {};
}
