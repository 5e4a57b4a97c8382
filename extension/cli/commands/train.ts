// `nnet train`: runs one training to its end and says how it went.

import { Presets, SingleBar } from "cli-progress";
import type { EpochReport } from "../../../engine/protocol/snapshot";
import { resumedFrom } from "../../../engine/runtime/checkpoint";
import { CheckpointWriter } from "../../../engine/runtime/checkpoint-writer";
import type { Trainer } from "../../../engine/runtime/trainer";
import { colorsFor } from "../colors";
import { hasErrors, type LoadedFile, load } from "../load";
import {
  count,
  countProblems,
  doneObject,
  epochObject,
  formatReport,
  formatSpeed,
  reportDiagnostics,
  writeJson,
} from "../report";
import { CommandError, type ExitCode, exit, type Terminal } from "../terminal";
import {
  type CheckpointChoice,
  chooseTraining,
  failureIn,
  resumedCheckpoint,
  type TrainingChoice,
  trainerFor,
  trainToEnd,
  writtenInto,
} from "../training";

export interface TrainOptions extends TrainingChoice, CheckpointChoice {
  readonly json: boolean;
}

export async function train(path: string, options: TrainOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await load(path, terminal);
  reportDiagnostics(file, terminal, colorsFor(terminal), options.json);
  if (hasErrors(file))
    throw new CommandError(`${path} has ${countProblems(file.analysis.diagnostics)}: nothing was trained`);
  const training = chooseTraining(file, options);
  const into = writtenInto(training, file, options, terminal);
  const read = await resumedCheckpoint(training, into, options, terminal);
  const trainer = await trainerFor(training, file, terminal, read);
  const tell = tellers(options.json, terminal);
  if (read?.warning !== undefined) tell.warning(read.warning);
  if (read) tell.resumed(resumedFrom(read.file, trainer));
  const writer = into && new CheckpointWriter(into, { now: terminal.now, warn: tell.warning });
  try {
    return await trainAndTell(file, trainer, writer, options, terminal);
  } finally {
    await writer?.settled();
    trainer.close();
  }
}

/** What is said besides the epochs. */
function tellers(json: boolean, terminal: Terminal) {
  return {
    warning: (message: string): void => {
      if (json) writeJson(terminal, { type: "warning", message });
      terminal.error(`${colorsFor(terminal).yellow("warning:")} ${message}\n`);
    },
    resumed: (message: string): void => {
      if (json) writeJson(terminal, { type: "resumed", message });
      else terminal.out(`${message}\n`);
    },
  };
}

async function trainAndTell(
  file: LoadedFile,
  trainer: Trainer,
  writer: CheckpointWriter | undefined,
  options: TrainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { training } = trainer;
  const display = displayFor(trainer.epochs, options.json, terminal);
  const end = await trainToEnd(trainer, terminal, (report) => {
    display.epoch(report);
    if (report.epoch % (training.checkpoint?.epochs ?? 1) === 0) writer?.offer(trainer);
  });
  // The last one before a failure is the better place to go on from.
  if (end.kind !== "failed" && trainer.step > 0) await writer?.finish(trainer);
  display.end();
  const last = trainer.reports.at(-1);
  switch (end.kind) {
    case "failed":
      throw failureIn(file, training, end);
    case "interrupted":
      if (options.json) {
        writeJson(terminal, { type: "stopped", train: training.name, epoch: trainer.epoch, step: trainer.step });
      } else {
        terminal.out(`${training.name} stopped in epoch ${trainer.epoch}, after ${count(trainer.step, "step")}\n`);
        if (last) terminal.out(`${formatReport(last)}\n`);
      }
      return exit.interrupted;
    case "finished":
      if (options.json)
        writeJson(terminal, { ...doneObject(training.name, last!), ...(end.note !== undefined && { note: end.note }) });
      else {
        terminal.out(
          `${training.name}: ${count(last!.epoch, "epoch")} in ${formatSpeed(last!)}\n${formatReport(last!)}\n`,
        );
        if (end.note !== undefined) terminal.out(`${training.name} ${end.note}\n`);
      }
      return exit.ok;
    default:
      throw new Error(end satisfies never);
  }
}

export interface Display {
  epoch(report: EpochReport): void;
  end(): void;
}

/** A progress bar where somebody watches, some lines in a log, all epochs as JSON. */
function displayFor(epochs: number, json: boolean, terminal: Terminal): Display {
  if (json) return { epoch: (report) => writeJson(terminal, epochObject(report)), end: () => {} };
  return terminal.interactive ? progressBar(epochs) : logLines(epochs, terminal);
}

export function progressBar(epochs: number): Display {
  const bar = new SingleBar(
    {
      stream: process.stdout,
      format: "{bar} epoch {value}/{total} · {report}",
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(epochs, 0, { report: "starting" });
  return {
    epoch: (report) => bar.update(report.epoch, { report: formatReport(report) }),
    end: () => bar.stop(),
  };
}

const mostLines = 20;

function logLines(epochs: number, terminal: Terminal): Display {
  const every = Math.ceil(epochs / mostLines);
  const width = String(epochs).length;
  return {
    epoch: (report) => {
      if (report.epoch % every !== 0 && report.epoch !== epochs && report.epoch !== 1) return;
      terminal.out(`epoch ${String(report.epoch).padStart(width)}/${epochs} · ${formatReport(report)}\n`);
    },
    end: () => {},
  };
}
