// `nnet fmt`: writes files in the canonical form, or with --check only says which ones are not.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { formatted } from "../../language/format";
import { parse } from "../../language/parser";
import { unreadable } from "../load";
import { count, writeJson } from "../report";
import { type ExitCode, exit, type Terminal } from "../terminal";

export interface FmtOptions {
  readonly json: boolean;
  readonly check: boolean;
}

/** Declarations with syntax problems stay as they are, and make the exit code 1. */
export async function fmt(paths: readonly string[], options: FmtOptions, terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exit.ok;
  for (const path of paths) {
    const full = resolve(terminal.folder, path);
    const text = await readFile(full, "utf8").catch((error: unknown) => unreadable(path, full, error));
    const file = parse(text);
    const problems = file.problems.length;
    const after = formatted(text, file);
    const changed = after !== text;
    if (changed && !options.check) await writeFile(full, after);
    if (problems > 0 || (changed && options.check)) code = exit.problems;
    if (options.json) writeJson(terminal, { type: "formatted", file: path, changed, problems });
    else for (const line of outcome(path, changed, problems, options)) terminal.out(`${line}\n`);
  }
  return code;
}

function outcome(path: string, changed: boolean, problems: number, { check }: FmtOptions): string[] {
  const lines: string[] = [];
  if (changed) lines.push(check ? `${path}: not formatted` : `${path}: formatted`);
  if (problems > 0) lines.push(`${path}: ${count(problems, "syntax problem")}; those declarations stay as they are`);
  return lines;
}
