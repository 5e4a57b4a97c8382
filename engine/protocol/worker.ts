// The conversation between the extension host and the training worker. One table of requests, one union of events.

import type { NdArray } from "./array";
import type { DataDescription, NumbersDescription } from "./data";
import type { ExplainOrder, Explanation } from "./explanation";
import type { Evaluation, EvaluationOrder, SliceOrder, TensorSlice } from "./inspection";
import type { Check, DataDeclaration, Network, NumbersFile, Training, ValueId } from "./network";
import type { CheckReport, EpochReport, RunResult, Snapshot, TrainingState } from "./snapshot";

/** Each request with what it takes and what answers it. Paths of files are relative to `folder`. */
export interface WorkerRequests {
  describeData: { parameters: { data: DataDeclaration; folder: string }; result: DataDescription };
  describeNumbers: { parameters: { file: NumbersFile; folder: string }; result: NumbersDescription };
  /** Answers when the training has begun; how it goes on comes as events. */
  train: { parameters: TrainingOrder; result: undefined };
  /** As `train`, from the training's checkpoint on. */
  trainFromCheckpoint: { parameters: TrainingOrder; result: undefined };
  /** One optimizer update; begins the training, paused, when there is none. */
  step: { parameters: TrainingOrder; result: undefined };
  pause: { parameters: undefined; result: undefined };
  resume: { parameters: undefined; result: undefined };
  /** Answers when the checkpoint, if there is to be one, is written. */
  stop: { parameters: undefined; result: undefined };
  /** Stops and forgets the weights. */
  reset: { parameters: undefined; result: undefined };
  /** Of the last batch until then. Refused, saying which step is the nearest, when the weights of then are gone. */
  inspect: { parameters: SliceOrder; result: TensorSlice };
  /** As `inspect`, in float64. */
  explain: { parameters: ExplainOrder; result: Explanation };
  /** Takes turns with the training. Undefined when another such request came before it was done; refused as `inspect`. */
  evaluate: { parameters: EvaluationOrder; result: Evaluation | undefined };
  run: { parameters: RunOrder; result: RunResult };
  /** May take as long as the training it runs first; the worker answers other requests meanwhile. */
  check: { parameters: { check: Check; folder: string }; result: CheckReport };
  /** The whole calculation of a check as a page of Markdown with LaTeX. */
  derive: { parameters: { check: Check; folder: string }; result: { markdown: string } };
}

export interface TrainingOrder {
  training: Training;
  folder: string;
  /** Name of the `.nnet` file, which checkpoints are named after. */
  document: string;
  /** Document version; comes back in every Snapshot. */
  version: number;
}

export interface RunOrder {
  network: Network;
  folder: string;
  /** Seed of fresh weights when none are trained. */
  seed: number;
  input:
    | { kind: "sample"; data: DataDeclaration; index: number }
    | { kind: "values"; values: Readonly<Record<ValueId, NdArray>> };
}

export type WorkerMethod = keyof WorkerRequests;

export type WorkerRequest = {
  [M in WorkerMethod]: { id: number; method: M; parameters: WorkerRequests[M]["parameters"] };
}[WorkerMethod];

export type WorkerAnswer =
  | { kind: "answer"; id: number; result: WorkerRequests[WorkerMethod]["result"] }
  | { kind: "error"; id: number; message: string };

export type WorkerEvent =
  | { kind: "state"; state: TrainingState }
  /** The epochs since the last such event, oldest first: a small network does tens of thousands in a second. */
  | { kind: "epochs"; reports: readonly EpochReport[] }
  /** `keptSteps` are those, oldest first, whose weights there are by then: what is asked about another step is refused. */
  | { kind: "snapshot"; snapshot: Snapshot; keptSteps: readonly number[] }
  /** Something that the user should know, and that does not end the training. */
  | { kind: "notice"; level: "information" | "warning"; message: string };

export type FromWorker = WorkerAnswer | WorkerEvent;
