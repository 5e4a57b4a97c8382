// `nnet derive`: the whole forward and backward pass of a check, written out.

import { resolve } from "node:path";
import { nearest } from "../../../engine/model/nearest";
import type { Check } from "../../../engine/protocol/network";
import { DerivationError, derivationPage } from "../../../engine/runtime/derive";
import { NewFile } from "../../../engine/runtime/new-file";
import { colorsFor } from "../colors";
import { type LoadedFile, load } from "../load";
import { reportDiagnostics, writeJson } from "../report";
import { CommandError, type ExitCode, exit, type Terminal } from "../terminal";

export interface DeriveOptions {
  readonly json: boolean;
  /** Title of the check. */
  readonly check?: string;
  /** File to write to. */
  readonly out?: string;
}

export async function derive(path: string, options: DeriveOptions, terminal: Terminal): Promise<ExitCode> {
  const { json, out } = options;
  const file = await load(path, terminal);
  reportDiagnostics(file, terminal, colorsFor(terminal), json);
  const check = chooseCheck(file, options.check);
  const markdown = pageOf({ ...check, network: await file.files.read(check.network) });
  if (out !== undefined) await NewFile.write(out, resolve(terminal.folder, out), [markdown]);
  if (json) {
    writeJson(terminal, {
      type: "derivation",
      file: path,
      check: check.title,
      ...(out === undefined ? { markdown } : { out }),
    });
  } else if (out === undefined) terminal.out(markdown);
  else terminal.out(`${out}: the derivation of "${check.title}"\n`);
  return exit.ok;
}

function chooseCheck({ path, analysis }: LoadedFile, title: string | undefined): Check {
  const checks = analysis.module.checks.filter(({ after }) => after === undefined);
  const titles = analysis.module.checks.map((check) => check.title);
  if (titles.length === 0) throw new CommandError(`${path} has no check`);
  if (title === undefined) {
    if (checks.length === 1) return checks[0]!;
    throw new CommandError(
      `${path} has ${titles.length} checks: choose one with --check ${titles.map((each) => JSON.stringify(each)).join(" | --check ")}`,
    );
  }
  const check = analysis.module.checks.find((candidate) => candidate.title === title);
  if (check) return check;
  const near = nearest(title, titles);
  const hint =
    near === undefined ? `it has ${titles.map((each) => JSON.stringify(each)).join(", ")}` : `did you mean "${near}"?`;
  throw new CommandError(`${path} has no check "${title}": ${hint}`);
}

function pageOf(check: Check): string {
  try {
    return derivationPage(check);
  } catch (error) {
    throw error instanceof DerivationError ? new CommandError(error.message) : error;
  }
}
