// `nnet test`: runs the checks of the files.

import type { EpochReport } from "../../../engine/protocol/snapshot";
import { type CheckEnvironment, runCheck } from "../../../engine/runtime/check";
import { type TrainingEnvironment, TrainingRuns } from "../../../engine/runtime/training-runs";
import { colorsFor } from "../colors";
import { hasErrors, type LoadedFile, load } from "../load";
import { checkObject, count, formatCheck, reportDiagnostics, writeJson } from "../report";
import { CommandError, type ExitCode, exit, type Terminal } from "../terminal";
import { type Display, progressBar } from "./train";

export async function test(
  paths: readonly string[],
  { json }: { json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const colors = colorsFor(terminal);
  const results: boolean[] = [];
  let broken = 0;
  let interrupted = false;
  const ignore = terminal.onInterrupt(() => {
    interrupted = true;
  });
  const pause = async (): Promise<void> => {
    await terminal.pause();
    if (interrupted) throw new CommandError("interrupted");
  };
  for (const path of paths) {
    if (interrupted) break;
    const file = await load(path, terminal);
    reportDiagnostics(file, terminal, colors, json);
    if (hasErrors(file)) broken++;
    const { checks } = file.analysis.module;
    if (!json && checks.length > 0) terminal.out(`${colors.bold(path)}\n`);
    const runs = new TrainingRuns();
    const environment = environmentFor(file, runs, { ...terminal, pause }, !json);
    for (const check of checks) {
      const report = await runCheck(check, environment);
      if (interrupted) break;
      results.push(report.ok);
      if (json) writeJson(terminal, checkObject(path, report));
      else terminal.out(`${formatCheck(report, colors)}\n`);
      await terminal.pause();
    }
    runs.close();
  }
  ignore();
  if (interrupted) return exit.interrupted;
  const passed = results.filter(Boolean).length;
  const failed = results.length - passed;
  if (!json) {
    const files = broken > 0 ? `; ${count(broken, "file")} with errors` : "";
    const failures = failed > 0 ? colors.red(`${failed} failed`) : "0 failed";
    terminal.out(results.length === 0 ? `no checks found${files}\n` : `${passed} passed, ${failures}${files}\n`);
  }
  // A test run without a single check proves nothing.
  return failed === 0 && broken === 0 && results.length > 0 ? exit.ok : exit.problems;
}

/** Trains in this process; where somebody watches, a bar shows how far it is. */
function environmentFor(
  { data, files, folder }: LoadedFile,
  runs: TrainingRuns,
  terminal: Terminal,
  showsProgress: boolean,
): CheckEnvironment {
  const { now, pause } = terminal;
  const isWatched = showsProgress && terminal.interactive;
  return {
    now,
    pause,
    files,
    train: async (training, look) => {
      let bar: Display | undefined;
      const onEpoch = (report: EpochReport): void => {
        bar ??= progressBar(report.epochs);
        bar.epoch(report);
      };
      const environment: TrainingEnvironment = {
        now,
        pause,
        files,
        data: (declaration) => data.get(declaration, folder),
        ...(isWatched && { onEpoch }),
      };
      try {
        return await runs.use(training, environment, look);
      } finally {
        bar?.end();
      }
    },
  };
}
