// `import "other.nnet"`: which file it means, read once however many files import it.

import type { Environment } from "../analyze";

export type ImportedText =
  | { readonly kind: "text"; readonly text: string; readonly path: string; readonly folder: string }
  /** It is not known yet: then nothing is said about what may come from it. */
  | { readonly kind: "unknown" }
  | { readonly kind: "problem"; readonly problem: string }
  /** The files on the way back to itself. */
  | { readonly kind: "circle"; readonly paths: readonly string[] };

/** Reads for one file: `folder` is where that lies, relative to the file that is lowered; `open` what is being read. */
export function readImport(
  environment: Environment,
  written: string,
  folder: string,
  open: readonly string[],
): ImportedText {
  const path = joinPath(folder, written);
  if (open.includes(path)) return { kind: "circle", paths: [...open.slice(open.indexOf(path)), path] };
  const read = environment.readFile?.(path);
  if (read === undefined) return { kind: "unknown" };
  if ("problem" in read) return { kind: "problem", problem: read.problem };
  return { kind: "text", text: read.text, path, folder: path.split("/").slice(0, -1).join("/") };
}

/** Both relative to the same place, with slashes; both slashes part folders, as on Windows. */
export function joinPath(folder: string, path: string): string {
  const written = path.replaceAll("\\", "/");
  if (written.startsWith("/") || /^[a-z]:/i.test(written)) return written;
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of written.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
