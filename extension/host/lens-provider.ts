// CodeLenses above `train` and `check`: what can be run there. VS Code shows the lenses of an older text for up to a second
// and a half after an edit: a lens knows its declaration by its place, which moves with the text, so that a click means
// the declaration below it whatever that is called by now.

import * as vscode from "vscode";
import { type Lens, lenses } from "../language/lenses";
import { type Documents, isNnet, selector } from "./documents";
import { rangeIn } from "./places";

/** What a lens gives its command: the name of its declaration as it is written when the lens is clicked. */
export class LensTarget {
  private known: Lens;
  /** Undefined once the declaration's beginning was overwritten. */
  private start: number | undefined;

  constructor(
    private readonly current: () => readonly Lens[],
    lens: Lens,
  ) {
    this.known = lens;
    this.start = lens.range.start;
  }

  get name(): string {
    this.known =
      this.current().find(({ range, command }) => range.start === this.start && command === this.known.command) ??
      this.known;
    return this.known.arguments[0];
  }

  /** The text has changed at these places, the last of them first. */
  follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    for (const { rangeOffset, rangeLength, text } of changes) {
      if (this.start === undefined || rangeOffset > this.start) continue;
      if (rangeOffset + rangeLength <= this.start) this.start += text.length - rangeLength;
      else if (rangeLength > 0) this.start = undefined;
    }
  }
}

/** The lenses that one answer gave. */
interface Given {
  readonly version: number;
  readonly lenses: readonly Lens[];
  readonly targets: readonly LensTarget[];
}

export function provideLenses(documents: Documents): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  /** By document: the newest, and before it those that may still be on the screen. */
  const given = new Map<string, readonly Given[]>();

  function give(document: vscode.TextDocument): vscode.CodeLens[] {
    const key = document.uri.toString();
    const found = lenses(documents.analysisOf(document));
    const targets = found.map((lens) => new LensTarget(() => lenses(documents.analysisOf(document)), lens));
    given.set(key, [{ version: document.version, lenses: found, targets }, ...(given.get(key) ?? [])].slice(0, kept));
    return found.map(
      ({ range, title, command }, index) =>
        new vscode.CodeLens(rangeIn(document, range), {
          title,
          command,
          arguments: [document.uri, targets[index]],
        }),
    );
  }

  return vscode.Disposable.from(
    changes,
    // VS Code itself asks again after an edit. What a data set or an imported file changes it cannot know.
    documents.onDidAnalyze((document) => {
      const [last] = given.get(document.uri.toString()) ?? [];
      if (last?.version !== document.version) return;
      if (!areSame(last.lenses, lenses(documents.analysisOf(document)))) changes.fire();
    }),
    documents.onDidClose((uri) => given.delete(uri.toString())),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!isNnet(document)) return;
      const targets = (given.get(document.uri.toString()) ?? []).flatMap((each) => each.targets);
      for (const target of targets) target.follow(contentChanges);
    }),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changes.event,
      provideCodeLenses: (document) => give(document),
    }),
  );
}

/** Answers: an editor on each side may show those of the one before, and other extensions may ask as well. */
const kept = 4;

function areSame(some: readonly Lens[], others: readonly Lens[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ range, command, arguments: [name] }, index) => {
      const other = others[index]!;
      return range.start === other.range.start && command === other.command && name === other.arguments[0];
    })
  );
}
