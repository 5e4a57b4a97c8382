// Values that were looked for in their text. Where a block is used twice, or stands in another file, several values stand at
// one place: there the cursor means the one that was looked for.

import * as vscode from "vscode";
import type { Network, ValueId } from "../../engine/protocol/network";
import { drawableIn, rangeOfValue, type ValuePlace, valueAt } from "../language/value-at";
import type { Documents } from "./documents";
import { rangeIn, reveal } from "./places";

interface Revealed {
  readonly place: ValuePlace;
  readonly range: vscode.Range;
  /** Of the document. */
  readonly version: number;
}

export class RevealedValues implements vscode.Disposable {
  /** The last one, by the document's address. */
  private readonly revealed = new Map<string, Revealed>();
  private readonly reveals = new vscode.EventEmitter<vscode.TextEditor>();
  private readonly subscriptions: vscode.Disposable;

  /** The cursor of this editor has come to a value; it may have been there before, for another one. */
  readonly onDidReveal = this.reveals.event;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.reveals,
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.revealed.delete(uri.toString())),
    );
  }

  /** Does nothing for what does not stand in the text. */
  async reveal(
    document: vscode.TextDocument,
    { network: name, id }: ValuePlace,
    options: { readonly preserveFocus: boolean },
  ): Promise<void> {
    const network = drawableIn(this.documents.analysisOf(document).module).find((each) => each.name === name);
    const range = network && rangeOfValue(network, id);
    if (!network || !range) return;
    const value = meantBy(network, id);
    const { version } = document;
    const key = document.uri.toString();
    if (value === undefined) this.revealed.delete(key);
    else this.revealed.set(key, { place: { network: name, id: value }, range: rangeIn(document, range), version });
    this.reveals.fire(await reveal(document, range, options));
  }

  /** What the cursor of an editor means. */
  at({ document, selection }: vscode.TextEditor): ValuePlace | undefined {
    const found = this.revealed.get(document.uri.toString());
    if (found?.version === document.version && found.range.isEqual(selection)) return found.place;
    return valueAt(this.documents.analysisOf(document), document.offsetAt(selection.active));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

/** For a parameter of a layer what the layer gives; undefined for the use of a block, which the cursor finds by itself. */
function meantBy({ values, parameters }: Network, id: ValueId): ValueId | undefined {
  const { instance } = parameters.find((parameter) => parameter.id === id) ?? {};
  const found = values.find(
    ({ id: own, source }) =>
      own === id || (instance !== undefined && source.kind === "layer" && source.instance === instance),
  );
  return found?.id;
}
