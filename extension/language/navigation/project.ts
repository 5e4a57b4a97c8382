// The files that names can lead to: paths, texts and syntax trees, and which file an `import` means. Reads no disk: the
// host gives what it has open and what it has found.

import type { SourceFile } from "../ast";
import { parse } from "../parser";

export interface ProjectFile {
  /** Absolute, with slashes, whatever the system writes. */
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
}

export interface Project {
  readonly files: readonly ProjectFile[];
  file(path: string): ProjectFile | undefined;
  /** The file that `import "path"` means in the file `from`; undefined when it is not known. */
  imported(from: string, path: string): ProjectFile | undefined;
}

/** Of two files with one path the first counts. */
export function projectOf(files: readonly ProjectFile[]): Project {
  const byPath = new Map<string, ProjectFile>();
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file);
  return {
    files: [...byPath.values()],
    file: (path) => byPath.get(path),
    imported: (from, path) => byPath.get(resolvePath(from, path)),
  };
}

/** The paths of the files that import a file, directly or through others, so that a change of it may change them. */
export function importersOf(project: Project, path: string): ReadonlySet<string> {
  const importers = new Set<string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const file of project.files) {
      if (importers.has(file.path) || !importsOf(file).includes(next)) continue;
      importers.add(file.path);
      waiting.push(file.path);
    }
  }
  return importers;
}

/** The paths of the files that a file imports, whether or not they are known. */
export function importsOf({ path, tree }: ProjectFile): string[] {
  return tree.declarations.flatMap((declaration) =>
    declaration.kind === "import" && declaration.path.value !== "" ? [resolvePath(path, declaration.path.value)] : [],
  );
}

/** The same project with other texts for some of its files. */
export function withTexts(project: Project, texts: ReadonlyMap<string, string>): Project {
  return projectOf(
    project.files.map((file) => {
      const text = texts.get(file.path);
      return text === undefined ? file : { path: file.path, text, tree: parse(text) };
    }),
  );
}

/** The path that `relative` means in the file `from`. Both slashes part folders, as on Windows. */
export function resolvePath(from: string, relative: string): string {
  const written = relative.replaceAll("\\", "/").replace(/^(?=[a-z]:)/i, "/");
  const parts = written.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of written.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const path = parts.join("/");
  return path.startsWith("/") || !from.startsWith("/") ? path : `/${path}`;
}
