// Where nodes were put by hand and which groups are collapsed, of the documents that are open: kept with their layers while
// the text is edited, and written down when they change, when a gesture has changed the text, and when that is saved.

import * as vscode from "vscode";
import type { FlowDirection, HandLayout, NodeOffsets as Offsets } from "../../engine/protocol/editing";
import type { Module } from "../../engine/protocol/network";
import { type Became, NodePlaces, type PlacesOfFile, type TextChange } from "../language/node-places";
import { type Documents, isNnet } from "./documents";
import { OffsetFiles } from "./offset-files";
import { tell } from "./problem";

export class NodeOffsets implements vscode.Disposable {
  private readonly open = new Map<string, OpenFile>();
  /** Of documents that are not open here yet, or whose places cannot be read. */
  private readonly reading = new Map<string, Reading>();
  private readonly files = new OffsetFiles();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;

  /** Of this document they are others, and not because its text was edited. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.files,
      this.changes,
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      vscode.workspace.onDidSaveTextDocument((document) => void this.store(document).catch(tell)),
      vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
      documents.onDidClose((uri) => {
        this.open.delete(uri.toString());
        this.reading.delete(uri.toString());
      }),
      this.files.onDidChange(() => void this.readAgain()),
      vscode.workspace.onWillRenameFiles((event) => event.waitUntil(this.storeAll().catch(tell))),
      vscode.workspace.onDidRenameFiles(({ files }) => void this.follow(files)),
    );
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  /** Of the nodes that are there; none until they have been read. */
  of(document: vscode.TextDocument, network: string): HandLayout {
    return this.placesOf(document)?.layoutIn(network) ?? {};
  }

  /** These are all that stand apart from the layout in one direction. */
  move(document: vscode.TextDocument, { network, direction, offsets }: Moved): Promise<void> {
    return this.change(document, (places) => places.move(network, direction, offsets), { isShown: true });
  }

  /** These groups are all that are drawn as one node. */
  collapse(document: vscode.TextDocument, { network, collapsed }: Collapsed): Promise<void> {
    return this.change(document, (places) => places.collapse(network, collapsed), { isShown: true });
  }

  /** All nodes of the file go where the layout puts them. */
  clear(document: vscode.TextDocument): Promise<void> {
    return this.change(document, (places) => places.clear(), { isShown: false });
  }

  /** What values are called after a gesture, told before it changes the text; undefined when it did not after all. */
  expect(uri: vscode.Uri, became: Became | undefined): void {
    const file = this.open.get(uri.toString());
    if (file) file.expected = became;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** What the diagram shows already is not told to it again: it may show something newer by then. */
  private async change(
    document: vscode.TextDocument,
    how: (places: NodePlaces) => void,
    { isShown }: { readonly isShown: boolean },
  ): Promise<void> {
    let isKnown = false;
    try {
      const open = this.placesOf(document);
      how(open ?? (await this.read(document)));
      isKnown = isShown && open !== undefined;
      await this.store(document);
    } catch (error) {
      void tell(error);
    }
    if (!isKnown) this.changes.fire(document.uri);
  }

  /** A file of places that cannot be read is told of when a diagram needs it. */
  private opened(document: vscode.TextDocument): void {
    if (isNnet(document)) this.read(document).catch(() => this.reading.delete(document.uri.toString()));
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const file = this.open.get(key);
    // All of them are about the text before; from behind, none is moved by another.
    const fromBehind = contentChanges.toSorted((a, b) => b.rangeOffset - a.rangeOffset);
    for (const { rangeOffset: offset, rangeLength: length, text } of fromBehind) {
      const change = { offset, length, inserted: text.length };
      if (file) file.places.change(change);
      else this.reading.get(key)?.changes.push(change);
    }
    if (file?.expected === undefined || fromBehind.length === 0) return;
    this.placesOf(document);
    void this.store(document).catch(tell);
  }

  private placesOf(document: vscode.TextDocument): NodePlaces | undefined {
    const file = this.open.get(document.uri.toString());
    if (file === undefined) {
      if (!this.reading.has(document.uri.toString())) this.read(document).catch(tell);
      return undefined;
    }
    const { module } = this.documents.analysisOf(document);
    if (file.module === module) return file.places;
    file.places.read(module, file.expected);
    file.expected = undefined;
    file.module = module;
    return file.places;
  }

  private read(document: vscode.TextDocument): Promise<NodePlaces> {
    const key = document.uri.toString();
    const { module } = this.documents.analysisOf(document);
    const changes: TextChange[] = [];
    this.reading.set(key, { changes });
    return this.files.read(document.uri).then((stored) => {
      const places = new NodePlaces(module, stored);
      for (const change of changes) places.change(change);
      this.reading.delete(key);
      if (!document.isClosed) {
        const known = { onDisk: stored, said: places.stored() };
        this.open.set(key, { places, module, ...known, expected: undefined });
      }
      this.changes.fire(document.uri);
      return places;
    });
  }

  private async store(document: vscode.TextDocument): Promise<void> {
    const places = this.placesOf(document);
    const file = this.open.get(document.uri.toString());
    if (!places || !file) return;
    const said = places.stored();
    if (isSame(said, file.said)) return;
    file.said = said;
    file.onDisk = said;
    await this.files.write(document.uri, said);
  }

  private async storeAll(): Promise<void> {
    await Promise.all(vscode.workspace.textDocuments.filter(isNnet).map((document) => this.store(document)));
  }

  /** Someone may have written other places. What cannot be read is told when it is needed. */
  private async readAgain(): Promise<void> {
    this.reading.clear();
    for (const document of vscode.workspace.textDocuments.filter(isNnet)) {
      const stored = await this.files.read(document.uri).catch(() => undefined);
      const file = this.open.get(document.uri.toString());
      if (stored === undefined || (file && isSame(stored, file.onDisk))) continue;
      this.open.delete(document.uri.toString());
      this.placesOf(document);
    }
  }

  private async follow(files: vscode.FileRenameEvent["files"]): Promise<void> {
    try {
      for (const { oldUri, newUri } of files) await this.files.move(oldUri, newUri);
    } catch (error) {
      void tell(error);
    }
    await this.readAgain();
  }
}

interface Moved {
  readonly network: string;
  readonly direction: FlowDirection;
  readonly offsets: Offsets;
}

interface Collapsed {
  readonly network: string;
  readonly collapsed: readonly string[];
}

/** The text may change meanwhile. */
interface Reading {
  readonly changes: TextChange[];
}

interface OpenFile {
  readonly places: NodePlaces;
  /** What the text meant when the places were brought up to it. */
  module: Module;
  onDisk: PlacesOfFile;
  /** What the places were when they were read or written last: what a text of another form does not tell is no change of them. */
  said: PlacesOfFile;
  expected: Became | undefined;
}

function isSame(one: PlacesOfFile, other: PlacesOfFile): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
