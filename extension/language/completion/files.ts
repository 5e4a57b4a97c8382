// Paths and columns as completions of texts in quotes.

import type { DataDeclaration } from "../../../engine/protocol/network";
import type { CompletionEnvironment } from "../completion";
import type { Draft } from "./items";
import { literal } from "./items";

/** A pair of quotes with the cursor inside, where the paths are proposed. */
export function quoted(): Draft {
  return {
    label: '"…"',
    kind: "file",
    detail: "a path relative to this file",
    insertText: '"$1"',
    follow: "completions",
  };
}

/** What the folder of a path holds, whole paths; files with the wanted extensions first, hidden ones not at all. */
export function filesAt(written: string, { listFiles }: CompletionEnvironment, extensions: readonly string[]): Draft[] {
  const folder = written.slice(0, written.lastIndexOf("/") + 1);
  const entries = listFiles(folder).filter(({ name }) => !name.startsWith("."));
  const rank = ({ name, isFolder }: { readonly name: string; readonly isFolder: boolean }): number => {
    const found = extensions.findIndex((extension) => name.toLowerCase().split(".").slice(1).includes(extension));
    if (isFolder) return extensions.length;
    return found < 0 ? extensions.length + 1 : found;
  };
  return entries
    .filter((entry) => entry.isFolder || extensions.includes("nnet") === entry.name.endsWith(".nnet"))
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
    .map(({ name, isFolder }) => ({
      label: folder + name + (isFolder ? "/" : ""),
      kind: isFolder ? "folder" : "file",
      insertText: literal(folder + name + (isFolder ? "/" : "")),
      ...(isFolder ? { follow: "completions" as const } : {}),
    }));
}

/** The columns of the first data set that they are known of. */
export function columnsAt(
  candidates: readonly DataDeclaration[],
  { columnsOf }: CompletionEnvironment,
  options: { readonly quoted: boolean },
): Draft[] {
  for (const data of candidates) {
    const columns = columnsOf(data);
    if (columns === undefined) continue;
    return columns.map((name, index) => {
      const text = name.replace(/["\\]/g, "\\$&");
      return {
        label: options.quoted ? `"${name}"` : name,
        kind: "column",
        detail: `column ${index}`,
        insertText: literal(options.quoted ? `"${text}"` : text),
      };
    });
  }
  return [];
}
