// Fixes that add or remove whole statements and entries.

import type { Diagnostic, Fix, TextEdit } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { SourceFile, Statement } from "../ast";
import { insertion, type SourceEdits, sameRange } from "./source-edits";
import type { World } from "./world";

export function removeStatement(file: SourceFile, edits: SourceEdits, nameRange: Range): Fix | undefined {
  const statement = statementNamed(file, nameRange);
  if (statement === undefined || statement.name.name === "") return undefined;
  return { title: `Remove ${statement.name.name}`, edits: [removeLines(edits.text, statement.range)] };
}

/** What the last statement gives is what the network gives. */
export function fixMissingReturn({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  const declaration = file.declarations.find(
    (candidate) =>
      (candidate.kind === "network" || candidate.kind === "block") && sameRange(candidate.name.range, range),
  );
  const last = declaration?.kind === "network" || declaration?.kind === "block" ? declaration.body.at(-1) : undefined;
  if (last?.kind !== "binding") return [];
  const { name } = last.name;
  if (name === "") return [{ title: "Return it", edits: [insertion(last.range.start, "return ")] }];
  const indent = /[ \t]*$/.exec(edits.text.slice(0, last.range.start))![0];
  const lineEnd = /^[^\r\n]*/.exec(edits.text.slice(last.range.end))![0];
  // Behind a comment of the last statement, before a brace on its line.
  const at = last.range.end + (/^[ \t]*#/.test(lineEnd) ? lineEnd.length : 0);
  return [{ title: `Return ${name}`, edits: [insertion(at, `\n${indent}return ${name}`)] }];
}

export function fixDuplicateEntry({ range }: Diagnostic, { file, edits }: World): readonly (Fix | undefined)[] {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "train" && declaration.kind !== "check") continue;
    const written = declaration.kind === "train" ? declaration.entries : declaration.statements;
    for (const entry of written) {
      if (entry.kind !== "entry" || !sameRange(entry.key.range, range)) continue;
      return [{ title: `Remove this ${entry.key.name}`, edits: [removeLines(edits.text, entry.range)] }];
    }
  }
  return [];
}

export function statementNamed(file: SourceFile, nameRange: Range): Exclude<Statement, { kind: "return" }> | undefined {
  for (const declaration of file.declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    if (nameRange.start < declaration.range.start || declaration.range.end < nameRange.end) continue;
    for (const statement of declaration.body) {
      if (statement.kind !== "return" && sameRange(statement.name.range, nameRange)) return statement;
    }
  }
  return undefined;
}

/** A stretch of text with its lines, where nothing else is on them. */
function removeLines(text: string, { start, end }: Range): TextEdit {
  const before = /(^|[\r\n])[ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*(#[^\r\n]*)?(\r\n|\r|\n)/.exec(text.slice(end));
  if (before === null || after === null) return { range: { start, end }, newText: "" };
  return { range: { start: before.index + before[1]!.length, end: end + after[0].length }, newText: "" };
}
