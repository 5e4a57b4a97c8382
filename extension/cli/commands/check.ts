// `nnet check`: every problem of the files, and nothing run.

import { colorsFor } from "../colors";
import { hasErrors, load } from "../load";
import { count, countProblems, reportDiagnostics, writeJson } from "../report";
import { type ExitCode, exit, type Terminal } from "../terminal";

export async function check(
  paths: readonly string[],
  { json }: { json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = exit.ok;
  for (const path of paths) {
    const file = await load(path, terminal);
    reportDiagnostics(file, terminal, colorsFor(terminal), json);
    const { diagnostics, module } = file.analysis;
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    if (hasErrors(file)) code = exit.problems;
    if (json) {
      writeJson(terminal, { type: "checked", file: path, errors, problems: diagnostics.length });
    } else {
      const contents = [
        count(module.networks.length, "network"),
        count(module.data.length, "data set"),
        count(module.trainings.length, "training"),
        count(module.checks.length, "check"),
      ];
      terminal.out(`${path}: ${countProblems(diagnostics)} (${contents.join(", ")})\n`);
    }
  }
  return code;
}
