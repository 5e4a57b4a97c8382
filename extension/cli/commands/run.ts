// `nnet run`: one sample, typed numbers, or the rows of a file through a network; trained first unless told otherwise.

import { nearest } from "../../../engine/model/nearest";
import type { Network, Training } from "../../../engine/protocol/network";
import type { RunOrder } from "../../../engine/protocol/worker";
import type { ReadCheckpoint } from "../../../engine/runtime/checkpoint-file";
import { run as runNetwork } from "../../../engine/runtime/run";
import { colorsFor } from "../colors";
import { parseInput } from "../input";
import { hasErrors, type LoadedFile, load } from "../load";
import { countProblems, formatResult, outputObject, reportDiagnostics, writeJson } from "../report";
import { CommandError, type ExitCode, exit, type Terminal } from "../terminal";
import { chooseTraining, type TrainingChoice } from "../training";
import { runRows } from "./run-rows";
import { savedAt, weightsOf } from "./weights";

export interface RunOptions extends TrainingChoice {
  readonly json: boolean;
  readonly sample?: number;
  /** JSON; with `output` the path of a table. */
  readonly input?: string;
  /** Path of the table of results. */
  readonly output?: string;
  /** Of the table that goes in. */
  readonly columns?: string;
  readonly network?: string;
  /** Path of the one with the weights. */
  readonly checkpoint?: string;
  readonly untrained: boolean;
}

export async function run(path: string, options: RunOptions, terminal: Terminal): Promise<ExitCode> {
  refuseMixtures(options);
  const { sample, input, output, checkpoint, json } = options;
  const file = await load(path, terminal);
  reportDiagnostics(file, terminal, colorsFor(terminal), json);
  if (hasErrors(file))
    throw new CommandError(`${path} has ${countProblems(file.analysis.diagnostics)}: nothing was run`);

  const saved = checkpoint === undefined ? undefined : await savedAt(checkpoint, terminal);
  const training = trainingFor(file, options, saved);
  const network = training?.network ?? chooseNetwork(file, options.network);
  const subject = { network, training, saved };
  if (output !== undefined) return runRows(file, subject, { ...options, input: input!, output }, terminal);
  const order: RunOrder = {
    network,
    folder: file.folder,
    seed: options.seed ?? training?.seed ?? 0,
    input:
      sample === undefined ? { kind: "values", values: parseInput(input!, network) } : sampleOf(file, training, sample),
  };
  const data = order.input.kind === "sample" ? await file.data.get(order.input.data, file.folder) : undefined;
  const weights = await weightsOf(file, subject, options, terminal);
  if (!weights) return exit.interrupted;
  const result = runNetwork(order, weights, data);
  if (json) writeJson(terminal, outputObject(result));
  else terminal.out(`${formatResult(result, colorsFor(terminal))}\n`);
  return exit.ok;
}

function refuseMixtures({ sample, input, output, columns, checkpoint, untrained }: RunOptions): void {
  if ((sample === undefined) === (input === undefined)) {
    throw new CommandError(
      "say what goes in: --sample N for a sample of the data, --input JSON for numbers, or --input FILE --output FILE for a table",
    );
  }
  if (checkpoint !== undefined && untrained) {
    throw new CommandError("--checkpoint names trained weights, --untrained wants fresh ones: take one of them");
  }
  if (output !== undefined && sample !== undefined) throw new CommandError("--output is for the rows of --input FILE");
  if (columns !== undefined && output === undefined) {
    throw new CommandError("--columns is for the rows of --input FILE: say with --output where the results go");
  }
}

/** The training whose network runs; undefined when a network was named, or the file trains nothing. */
function trainingFor(file: LoadedFile, options: RunOptions, saved: ReadCheckpoint | undefined): Training | undefined {
  const { trainings } = file.analysis.module;
  if (options.train !== undefined) return chooseTraining(file, options);
  const written = trainings.find(({ name }) => name === saved?.checkpoint.name);
  if (written && options.network === undefined) return written;
  if (options.network !== undefined) {
    const ofNetwork = trainings.filter(({ network }) => network.name === options.network);
    return ofNetwork.length === 1 ? chooseTraining(file, { ...options, train: ofNetwork[0]!.name }) : undefined;
  }
  return trainings.length === 0 ? undefined : chooseTraining(file, options);
}

function chooseNetwork({ path, analysis }: LoadedFile, name: string | undefined): Network {
  const { networks } = analysis.module;
  const names = networks.map((network) => network.name);
  if (networks.length === 0) throw new CommandError(`${path} has no network`);
  if (name === undefined && networks.length > 1) {
    throw new CommandError(
      `${path} has ${networks.length} networks: choose one with --network ${names.join(" | --network ")}`,
    );
  }
  const network = name === undefined ? networks[0] : networks.find((candidate) => candidate.name === name);
  if (network !== undefined) return network;
  const near = nearest(name!, names);
  throw new CommandError(
    `${path} has no network ${name}: ${near === undefined ? `it has ${names.join(", ")}` : `did you mean ${near}?`}`,
  );
}

function sampleOf({ path, analysis }: LoadedFile, training: Training | undefined, index: number): RunOrder["input"] {
  const data = training?.data ?? analysis.module.data[0];
  if (data === undefined) throw new CommandError(`${path} has no data to take a sample of: use --input`);
  return { kind: "sample", data, index };
}
