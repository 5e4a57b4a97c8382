// `nnet test`: runs the checks of the files.

import { runCheck } from "../../../engine/runtime/check";
import { colorsFor } from "../colors";
import { hasErrors, load } from "../load";
import { checkObject, count, formatCheck, reportDiagnostics, writeJson } from "../report";
import { type ExitCode, exit, type Terminal } from "../terminal";

export async function test(
  paths: readonly string[],
  { json }: { json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const colors = colorsFor(terminal);
  const results: boolean[] = [];
  let broken = 0;
  for (const path of paths) {
    const file = await load(path, terminal);
    reportDiagnostics(file, terminal, colors, json);
    if (hasErrors(file)) broken++;
    const { checks } = file.analysis.module;
    if (!json && checks.length > 0) terminal.out(`${colors.bold(path)}\n`);
    for (const check of checks) {
      const report = runCheck(check);
      results.push(report.ok);
      if (json) writeJson(terminal, checkObject(path, report));
      else terminal.out(`${formatCheck(report, colors)}\n`);
      await terminal.pause();
    }
  }
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
