// Position → where the name there is defined, and everywhere it stands, in this file and in those that import it.

import type { Range } from "../../engine/protocol/text";
import type { NameSymbol } from "./navigation/names";
import { importedFiles, type Occurrence, occurrencesIn } from "./navigation/occurrences";
import type { Project, ProjectFile } from "./navigation/project";

export { type Project, type ProjectFile, projectOf } from "./navigation/project";

export interface Place {
  readonly path: string;
  readonly range: Range;
}

export interface Definition extends Place {
  /** What stands at the cursor. */
  readonly origin: Range;
  /** `range` is the name; this is all that declares it. */
  readonly declaration: Range;
}

export interface Highlight {
  readonly range: Range;
  readonly defines: boolean;
}

/** A weight of a layer leads to the layer, an import to its file. Names of the catalog are defined in no file. */
export function definitionAt(project: Project, path: string, offset: number): Definition | undefined {
  const file = project.file(path);
  if (file === undefined) return undefined;
  const found = occurrenceAt(project, file, offset);
  if (found === undefined) return importAt(project, file, offset);
  const { symbol, range } = found;
  return { origin: range, path: symbol.path, range: symbol.nameRange, declaration: symbol.range };
}

/** Ordered by file and place. Empty when nothing that can be referred to stands there. */
export function referencesAt(
  project: Project,
  path: string,
  offset: number,
  { declaration }: { readonly declaration: boolean },
): readonly Place[] {
  const file = project.file(path);
  const found = file && occurrenceAt(project, file, offset);
  if (found === undefined) return [];
  return everywhere(project, found.symbol)
    .filter(({ defines }) => declaration || !defines)
    .map(({ path: place, range }) => ({ path: place, range }));
}

/** The same name in the same file. Undefined when nothing of the user's stands there. */
export function highlightsAt(project: Project, path: string, offset: number): readonly Highlight[] | undefined {
  const file = project.file(path);
  const occurrences = file ? occurrencesIn(project, file) : [];
  const found = at(occurrences, offset);
  if (found === undefined) return undefined;
  return occurrences
    .filter(({ symbol }) => symbol.id === found.symbol.id)
    .map(({ range, defines }) => ({ range, defines }));
}

export function occurrenceAt(project: Project, file: ProjectFile, offset: number): Occurrence | undefined {
  return at(occurrencesIn(project, file), offset);
}

/** All occurrences of a symbol. A file without imports sees its own names alone. */
export function everywhere(project: Project, symbol: NameSymbol): readonly (Occurrence & Place)[] {
  return project.files.flatMap((file) => {
    if (file.path !== symbol.path && importedFiles(project, file).length === 0) return [];
    return occurrencesIn(project, file)
      .filter((occurrence) => occurrence.symbol.id === symbol.id)
      .map((occurrence) => ({ ...occurrence, path: file.path }));
  });
}

/** Names do not overlap; of two that touch, the one behind the cursor counts. */
function at(occurrences: readonly Occurrence[], offset: number): Occurrence | undefined {
  return occurrences.findLast(({ range }) => range.start <= offset && offset <= range.end);
}

function importAt(project: Project, file: ProjectFile, offset: number): Definition | undefined {
  for (const declaration of file.tree.declarations) {
    if (declaration.kind !== "import") continue;
    const { range, value } = declaration.path;
    if (offset < range.start || offset > range.end) continue;
    const target = project.imported(file.path, value);
    const start = { start: 0, end: 0 };
    return target && { origin: range, path: target.path, range: start, declaration: start };
  }
  return undefined;
}
