// Position and new name → edits in all files, or a sentence that says why not. A rename is done only when every name
// means the same afterwards: the edited texts are read again and compared.

import { documentation } from "../../engine/model/catalog";
import type { CallableKind } from "../../engine/protocol/catalog";
import type { TextEdit } from "../../engine/protocol/diagnostic";
import type { Range } from "../../engine/protocol/text";
import type { SourceFile } from "./ast";
import { tokenize } from "./lexer";
import { everywhere, occurrenceAt } from "./navigation";
import type { NameSymbol, SymbolKind } from "./navigation/names";
import { importedFiles, type Occurrence, occurrencesIn, Visible } from "./navigation/occurrences";
import { type Project, type ProjectFile, withTexts } from "./navigation/project";
import { Positions } from "./positions";
import { pathTo } from "./syntax-tree";

export type Preparation =
  | { readonly kind: "ready"; readonly range: Range; readonly placeholder: string }
  | { readonly kind: "refused"; readonly reason: string };

export type Renaming =
  /** Ordered by file and place. */
  | { readonly kind: "edits"; readonly edits: readonly FileEdit[] }
  | { readonly kind: "refused"; readonly reason: string };

export interface FileEdit extends TextEdit {
  readonly path: string;
}

/** What would be renamed at an offset. */
export function prepareRename(project: Project, path: string, offset: number): Preparation {
  const file = project.file(path);
  const found = file && occurrenceAt(project, file, offset);
  if (!found) return refused(file ? whyNot(file, offset) : nothingHere);
  const { symbol, range } = found;
  if (symbol.kind === "weight") {
    const owner = symbol.owner!.name;
    return refused(`${symbol.name} belongs to the layer behind ${owner}: only ${owner} can be renamed.`);
  }
  return { kind: "ready", range, placeholder: file.text.slice(range.start, range.end) };
}

/** The edits that give the name at an offset another spelling, wherever it stands. */
export function rename(project: Project, path: string, offset: number, newName: string): Renaming {
  const prepared = prepareRename(project, path, offset);
  if (prepared.kind === "refused") return prepared;
  const { symbol } = occurrenceAt(project, project.file(path)!, offset)!;
  const name = newName.trim();
  const objection = notAName(name) ?? taken(project, symbol, name.normalize("NFC"));
  if (objection !== undefined) return refused(objection);
  const edits = everywhere(project, symbol).map(({ path: place, range }) => ({ path: place, range, newText: name }));
  return keepsMeaning(project, edits)
    ? { kind: "edits", edits }
    : refused(`${name} would mean something else where ${symbol.name} stands.`);
}

function refused(reason: string): { readonly kind: "refused"; readonly reason: string } {
  return { kind: "refused", reason };
}

// What cannot be renamed.

const nothingHere = "There is no name here.";

function whyNot({ tree, text }: ProjectFile, offset: number): string {
  if (isInside(tree.comments, offset)) return nothingHere;
  const around = pathTo(tree, offset);
  const node = around.at(-1)!;
  const parent = around.at(-2);
  if (node.kind === "string") {
    if (parent?.kind === "check") return "A check's title is a text: change it where it stands.";
    if (parent?.kind === "import") return "This is the path of a file.";
    return "This is a text, not a name.";
  }
  const word = wordAt(text, offset);
  if (word === undefined) return nothingHere;
  if (parent?.kind === "argument" && node.kind === "identifier" && parent.name === node) {
    return `${word} is the name of an argument, which belongs to what is called.`;
  }
  if (parent?.kind === "entry" && node.kind === "identifier") return `${word} is the name of a setting.`;
  for (const [kind, words] of catalogKinds) {
    if (documentation(kind, word)) return `${word} is ${words} of the language: only names of your own can be renamed.`;
  }
  if (node.kind === "name") return `It is not known what ${word} stands for.`;
  return `${word} is a word of the language: only names of your own can be renamed.`;
}

const catalogKinds: readonly (readonly [CallableKind, string])[] = [
  ["layer", "a layer"],
  ["function", "a function"],
  ["loss", "a loss"],
  ["optimizer", "an optimizer"],
  ["schedule", "a schedule"],
  ["regularizer", "a regularizer"],
  ["clip", "a way to clip gradients"],
  ["stopping", "a stopping rule"],
  ["initializer", "an initializer"],
  ["dataset", "a data source"],
  ["metric", "a metric"],
];

function isInside(places: readonly { readonly range: Range }[], offset: number): boolean {
  return places.some(({ range }) => range.start < offset && offset <= range.end);
}

function wordAt(text: string, offset: number): string | undefined {
  const before = /[\p{L}\p{Nl}\p{M}\p{Nd}_]*$/u.exec(text.slice(Math.max(0, offset - 200), offset))![0];
  const after = /^[\p{L}\p{Nl}\p{M}\p{Nd}_]*/u.exec(text.slice(offset, offset + 200))![0];
  return before + after || undefined;
}

// What cannot be a new name.

function notAName(name: string): string | undefined {
  const [token, ...rest] = tokenize(name);
  if (token === undefined) return "A name has at least one letter.";
  if (token.kind !== "identifier" || rest.length > 0) {
    return `${name} is no name: names are made of letters, digits and _, and do not begin with a digit.`;
  }
  return ["return", "true", "false"].includes(name) ? `${name} is a word of the language.` : undefined;
}

const inWords: { readonly [Kind in SymbolKind]: string } = {
  network: "a network",
  block: "a block",
  data: "a data set",
  training: "a training",
  input: "an input",
  attribute: "an attribute",
  value: "a value",
  parameter: "a parameter",
  constant: "a constant",
  layer: "a shared layer",
  output: "an output",
  weight: "a weight",
};

/** The clash, in words, when something a place of the symbol can see has the name already. */
function taken(project: Project, symbol: NameSymbol, name: string): string | undefined {
  if (name === symbol.name) return undefined;
  if (calledByName.has(symbol.kind) && (documentation("layer", name) || documentation("function", name))) {
    return `${name} is the name of ${documentation("layer", name) ? "a layer" : "a function"} of the language.`;
  }
  for (const file of project.files) {
    const visible = new Visible(project, file);
    const isOwn = file.path === symbol.path;
    if (!isOwn && !importedFiles(project, file).some(({ path }) => path === symbol.path)) continue;
    const other = clashing(visible, symbol, name, { isOwn });
    if (other === undefined) continue;
    const place = project.file(other.path);
    const line = place ? new Positions(place.text).positionAt(other.nameRange.start).line + 1 : 0;
    const where = other.path === symbol.path ? "" : ` of ${other.path.slice(other.path.lastIndexOf("/") + 1)}`;
    return `${name} is already the name of ${inWords[other.kind]}, in line ${line}${where}.`;
  }
  return undefined;
}

const calledByName: ReadonlySet<SymbolKind> = new Set<SymbolKind>(["network", "block", "layer"]);

function clashing(
  visible: Visible,
  symbol: NameSymbol,
  name: string,
  { isOwn }: { readonly isOwn: boolean },
): NameSymbol | undefined {
  const training = (): NameSymbol | undefined => visible.training(name)?.symbol;
  switch (symbol.kind) {
    case "network":
    case "block":
      return visible.callable(name)?.symbol ?? (visible.own.trainings.has(symbol.name) ? training() : undefined);
    case "data":
      return visible.data(name);
    case "training":
      return isOwn ? training() : undefined;
    default: {
      if (!isOwn) return undefined;
      const bodies = [...visible.own.bodies.values()];
      return bodies.find(({ names }) => names.get(symbol.name)?.id === symbol.id)?.names.get(name);
    }
  }
}

// Whether the edited texts mean the same.

function keepsMeaning(project: Project, edits: readonly FileEdit[]): boolean {
  const editsOf = (path: string): readonly FileEdit[] => edits.filter((edit) => edit.path === path);
  const paths = new Set(edits.map(({ path }) => path));
  const after = withTexts(
    project,
    new Map([...paths].map((path) => [path, withEdits(project.file(path)!.text, editsOf(path))])),
  );
  // A file that sees none of the names may still see the new one.
  return project.files.every((file) => {
    const changed = after.file(file.path)!;
    const moved = (offset: number): number => shifted(offset, editsOf(file.path));
    return (
      sameProblems(file.tree, changed.tree) &&
      sameOccurrences(occurrencesIn(project, file), occurrencesIn(after, changed), moved)
    );
  });
}

/** `edits` are ordered and do not overlap. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let end = 0;
  for (const { range, newText } of edits) {
    result += text.slice(end, range.start) + newText;
    end = range.end;
  }
  return result + text.slice(end);
}

function shifted(offset: number, edits: readonly TextEdit[]): number {
  let result = offset;
  for (const { range, newText } of edits) {
    if (range.start >= offset) break;
    result += newText.length - (range.end - range.start);
  }
  return result;
}

function sameProblems(before: SourceFile, after: SourceFile): boolean {
  return before.problems.length === after.problems.length;
}

/** Names in the same places, grouped in the same way. */
function sameOccurrences(
  before: readonly Occurrence[],
  after: readonly Occurrence[],
  moved: (offset: number) => number,
): boolean {
  if (before.length !== after.length) return false;
  const groups = new Map<string, string>();
  const back = new Map<string, string>();
  return before.every(({ range, symbol, defines }, index) => {
    const other = after[index]!;
    if (moved(range.start) !== other.range.start || defines !== other.defines) return false;
    const group = groups.get(symbol.id) ?? other.symbol.id;
    const origin = back.get(other.symbol.id) ?? symbol.id;
    groups.set(symbol.id, group);
    back.set(other.symbol.id, origin);
    return group === other.symbol.id && origin === symbol.id;
  });
}
