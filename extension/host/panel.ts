// The diagram's webview panels, one per document. Sends what the document and its session know, and turns what the
// webview asks for into reveals and commands; the webview owns nothing, so it can be closed and restored at any time.

import * as vscode from "vscode";
import type { DiagramCommand, PictureFormat } from "../../engine/protocol/editing";
import type { Network, ValueId } from "../../engine/protocol/network";
import type {
  Answer,
  DiagramState,
  Drawable,
  FromWebview,
  Question,
  ToWebview,
  TrainingControl,
} from "../../engine/protocol/webview";
import type { Became } from "../language/node-places";
import { paletteOf } from "../language/palette";
import { drawableIn } from "../language/value-at";
import type { CommandId } from "./command-ids";
import { DiagramEdits, type EditQuestion, isEditQuestion } from "./diagram-edits";
import { savePicture } from "./diagram-pictures";
import { type Documents, isNnet } from "./documents";
import type { Focus } from "./focus";
import { LiveFeed, type LiveView } from "./live-feed";
import { NodeOffsets } from "./node-offsets";
import { panelPage, problemPage } from "./panel-page";
import { columnBeside, fileName } from "./places";
import { posted } from "./posted";
import { tell } from "./problem";
import { histogramsOf, seriesOf } from "./recorded-series";
import type { RevealedValues } from "./revealed-values";
import type { Session, SessionChange } from "./session";
import type { Sessions } from "./sessions";

const viewType = "nnet.diagram";

export class Panels implements vscode.Disposable {
  private readonly panels = new Map<string, Panel>();
  private readonly visibilities = new vscode.EventEmitter<vscode.Uri>();
  private readonly offsets: NodeOffsets;
  private readonly subscriptions: vscode.Disposable;

  /** The diagram of this document came into view or went out of it. */
  readonly onDidChangeVisibility = this.visibilities.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly documents: Documents,
    private readonly sessions: Sessions,
    private readonly focus: Focus,
    private readonly revealed: RevealedValues,
  ) {
    this.offsets = new NodeOffsets(documents);
    this.subscriptions = vscode.Disposable.from(
      this.visibilities,
      this.offsets,
      this.offsets.onDidChange((uri) => this.find(uri)?.offsetsChanged()),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (webviewPanel, state) => this.restore(webviewPanel, state),
      }),
      documents.onDidAnalyze((document) => this.find(document.uri)?.analyzed(document)),
      sessions.onDidChange(({ session, change }) => this.find(session.uri)?.sessionChanged(change)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (isNnet(textEditor.document)) this.find(textEditor.document.uri)?.cursorMoved(textEditor);
      }),
      revealed.onDidReveal((editor) => this.find(editor.document.uri)?.cursorMoved(editor)),
    );
  }

  open(document: vscode.TextDocument): void {
    const open = this.find(document.uri);
    if (open) {
      open.show();
      return;
    }
    const webviewPanel = vscode.window.createWebviewPanel(
      viewType,
      titleOf(document.uri),
      { viewColumn: columnBeside(document.uri), preserveFocus: true },
      {},
    );
    this.attach(webviewPanel, document.uri);
  }

  /** Opens the diagram when it is not open. */
  command(document: vscode.TextDocument, command: DiagramCommand): void {
    this.open(document);
    this.find(document.uri)?.command(command);
  }

  /** Puts all nodes where the layout puts them. */
  async layOutAgain(document: vscode.TextDocument): Promise<void> {
    await this.offsets.clear(document);
  }

  /** A gesture is about to change the text: nodes that stand where a hand has put them keep their places. */
  expect(uri: vscode.Uri, became: Became | undefined): void {
    this.offsets.expect(uri, became);
  }

  isVisible(uri: vscode.Uri): boolean {
    return this.find(uri)?.isVisible ?? false;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private find(uri: vscode.Uri): Panel | undefined {
    return this.panels.get(uri.toString());
  }

  private async restore(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    // A window that is reloaded as soon as it shows a diagram has kept its title only.
    const uri = isDiagramState(state) ? vscode.Uri.parse(state.uri) : openDocumentOf(webviewPanel.title);
    if (!uri) return webviewPanel.dispose();
    this.attach(webviewPanel, uri);
    try {
      await vscode.workspace.openTextDocument(uri);
    } catch {
      this.find(uri)?.missing();
    }
  }

  private attach(webviewPanel: vscode.WebviewPanel, uri: vscode.Uri): void {
    const assets = vscode.Uri.joinPath(this.extensionUri, "dist", "webview");
    const icon = vscode.Uri.joinPath(this.extensionUri, "extension", "assets", "file.svg");
    webviewPanel.iconPath = icon;
    webviewPanel.webview.options = { enableScripts: true, localResourceRoots: [assets] };
    const panel = new Panel(webviewPanel, uri, this.documents, this.sessions, this.offsets, this.revealed);
    this.panels.set(uri.toString(), panel);
    this.visibilities.fire(uri);
    webviewPanel.onDidDispose(() => {
      this.panels.delete(uri.toString());
      this.visibilities.fire(uri);
    });
    webviewPanel.onDidChangeViewState(() => {
      this.visibilities.fire(uri);
      const document = webviewPanel.active && this.documents.find(uri);
      if (document) this.focus.set(document);
    });
    webviewPanel.webview.html = panelPage(webviewPanel.webview, { assets, uri, title: titleOf(uri) });
  }
}

class Panel {
  private ready = false;
  private shownNetwork: string | undefined;
  private selected: ValueId | undefined;
  private readonly edits: DiagramEdits;
  /** The palette that the webview has. */
  private sentPalette = "";
  /** Asked for before the webview was there. */
  private waiting: DiagramCommand[] = [];
  private readonly live = new LiveFeed(
    () => this.liveView(),
    (parts) => this.post({ kind: "frame", parts }),
  );

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly documents: Documents,
    private readonly sessions: Sessions,
    private readonly offsets: NodeOffsets,
    private readonly revealed: RevealedValues,
  ) {
    this.edits = new DiagramEdits(documents, uri, (became) => offsets.expect(uri, became));
    panel.webview.onDidReceiveMessage((message: FromWebview) => this.receive(message));
    panel.onDidChangeViewState(() => {
      // A hidden webview is unloaded; it says `ready` when it is loaded again.
      if (panel.visible) return;
      this.ready = false;
      this.live.hide();
    });
    panel.onDidDispose(() => this.live.dispose());
  }

  get isVisible(): boolean {
    return this.panel.visible;
  }

  show(): void {
    this.panel.reveal(undefined, true);
  }

  command(command: DiagramCommand): void {
    if (this.ready) this.post({ kind: "command", command });
    else this.waiting.push(command);
  }

  missing(): void {
    const problem = `${this.uri.fsPath} is not there any more. Open another .nnet file and run "nnet: Open Diagram".`;
    this.panel.webview.html = problemPage(problem);
  }

  offsetsChanged(): void {
    const document = this.documents.find(this.uri);
    if (document) this.sendNetwork(document);
  }

  analyzed(document: vscode.TextDocument): void {
    this.sendNetwork(document);
    this.sendState();
    this.live.hurry();
  }

  sessionChanged(change: SessionChange): void {
    switch (change.kind) {
      case "state": {
        this.sendState();
        this.live.hurry();
        // A training may give the network's attributes other values.
        const document = this.documents.find(this.uri);
        if (document) this.sendNetwork(document);
        return;
      }
      case "snapshot":
      case "epochs":
        this.live.request();
        return;
      case "notice":
        return;
      default:
        change satisfies never;
    }
  }

  cursorMoved(editor: vscode.TextEditor): void {
    const { document } = editor;
    const place = this.revealed.at(editor);
    if (place && place.network !== this.shownNetwork) {
      this.shownNetwork = place.network;
      this.sendNetwork(document);
      this.live.hurry();
    }
    if (place?.id === this.selected) return;
    this.selected = place?.id;
    this.sendSelection();
  }

  private receive(message: FromWebview): void {
    switch (message.kind) {
      case "ready": {
        // After a reload no selection has changed, but the cursor stands somewhere.
        const editor = vscode.window.visibleTextEditors.find(
          (each) => each.document.uri.toString() === this.uri.toString(),
        );
        if (editor) this.cursorMoved(editor);
        // Only now: all of it is sent once, below.
        this.ready = true;
        this.sentPalette = "";
        const document = this.documents.find(this.uri);
        if (document) this.sendNetwork(document);
        this.sendState();
        this.live.begin();
        this.sendSelection();
        for (const command of this.waiting.splice(0)) this.command(command);
        return;
      }
      case "drawn":
        this.live.drawn();
        return;
      case "watch":
        this.live.watch(message.ids);
        return;
      case "reveal":
        void this.reveal(message.version, message.id);
        return;
      case "draw":
        this.draw(message.network);
        return;
      case "control":
        void vscode.commands.executeCommand(commandOf[message.control], this.uri, message.training);
        return;
      case "look":
        this.sessions.find(this.uri)?.look(message.step);
        this.live.hurry();
        return;
      case "ask":
        void this.answer(message.id, message.question);
        return;
      case "undo":
      case "redo":
        void this.undone(message.kind);
        return;
      case "move": {
        const document = this.documents.find(this.uri);
        if (document?.version === message.version) void this.offsets.move(document, message);
        // The nodes may be called otherwise by now: they go back to where they were.
        else if (document) this.sendNetwork(document);
        return;
      }
      case "collapse": {
        const document = this.documents.find(this.uri);
        if (document?.version === message.version) void this.offsets.collapse(document, message);
        else if (document) this.sendNetwork(document);
        return;
      }
      case "save":
        void this.save(message.format, message.network, message.data);
        return;
      default:
        message satisfies never;
    }
  }

  private async undone(command: "undo" | "redo"): Promise<void> {
    await this.edits.history(command);
    this.panel.reveal();
    // VS Code focuses the frame around the page, and sometimes only that.
    this.post({ kind: "focus" });
  }

  private async answer(id: number, question: Question): Promise<void> {
    try {
      const answer = isEditQuestion(question)
        ? await this.edits.answer(question)
        : await answerTo(question, this.sessions.of(this.uri));
      this.post({ kind: "answer", id, answer });
    } catch (error) {
      this.post({ kind: "refusal", id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async save(format: PictureFormat, network: string, data: string): Promise<void> {
    try {
      await savePicture({ format, data, beside: this.uri, name: network });
    } catch (error) {
      void tell(error);
    }
  }

  private async reveal(version: number, id: ValueId): Promise<void> {
    const document = this.documents.find(this.uri) ?? (await vscode.workspace.openTextDocument(this.uri));
    if (document.version !== version) return;
    const network = this.networkIn(document)?.name;
    if (network !== undefined) await this.revealed.reveal(document, { network, id }, { preserveFocus: true });
  }

  /** The network the cursor was in last, else the trained one, else the first; with its training's attribute values. */
  private networkIn(document: vscode.TextDocument): Network | undefined {
    const { module } = this.documents.analysisOf(document);
    const networks = drawableIn(module);
    const training = this.sessions.find(this.uri)?.training;
    const name = this.shownNetwork ?? training?.network.name;
    const network = networks.find((candidate) => candidate.name === name) ?? networks[0];
    const trained = module.trainings.find((candidate) => candidate.name === training?.name)?.network;
    return trained && trained.name === network?.name ? trained : network;
  }

  private drawableOf(document: vscode.TextDocument): Drawable[] {
    const { module } = this.documents.analysisOf(document);
    return drawableIn(module).map((network) => ({
      name: network.name,
      kind: module.networks.includes(network) ? "network" : "block",
    }));
  }

  private draw(network: string): void {
    this.shownNetwork = network;
    const document = this.documents.find(this.uri);
    if (document) this.sendNetwork(document);
    this.live.hurry();
  }

  private sendNetwork(document: vscode.TextDocument): void {
    const network = this.networkIn(document);
    const drawn = { kind: "network", version: document.version } as const;
    this.sendPalette(document, network);
    if (network) {
      const byHand = this.offsets.of(document, network.name);
      this.post({ ...drawn, network, byHand, drawable: this.drawableOf(document) });
      return;
    }
    const failed = this.documents.analysisOf(document).diagnostics.find(({ severity }) => severity === "error");
    if (!failed) {
      this.post(drawn);
      return;
    }
    const line = document.positionAt(failed.range.start).line + 1;
    const problem = `${fileName(this.uri)} has no network that can be drawn yet. Line ${line}: ${failed.message}`;
    this.post({ ...drawn, problem });
  }

  private sendPalette(document: vscode.TextDocument, network: Network | undefined): void {
    const entries = paletteOf(this.documents.analysisOf(document), network?.name);
    const form = JSON.stringify(entries);
    if (!this.ready || form === this.sentPalette) return;
    this.sentPalette = form;
    this.post({ kind: "palette", entries });
  }

  private sendState(): void {
    const document = this.documents.find(this.uri);
    const trainings = document ? this.documents.analysisOf(document).module.trainings.map(({ name }) => name) : [];
    this.post({ kind: "state", state: this.sessions.find(this.uri)?.state ?? { kind: "idle" }, trainings });
  }

  private liveView(): LiveView {
    const session = this.sessions.find(this.uri);
    const document = this.documents.find(this.uri);
    const stale = (document && session?.isStale(this.documents.analysisOf(document))) ?? false;
    // Two networks of a file may have a value of one name: each shows the numbers of its own training only.
    const isOfDrawn = document && this.networkIn(document)?.name === session?.training?.network.name;
    const snapshot = isOfDrawn ? session?.shown : undefined;
    const shown = isOfDrawn && session?.looksBack ? session.shown?.step : undefined;
    return {
      stale,
      training: session?.training?.name ?? "",
      reports: session?.history ?? [],
      earlierRuns: [...(session?.earlierRuns ?? [])],
      recorded: isOfDrawn ? (session?.recorded ?? []) : [],
      gone: isOfDrawn ? (session?.goneSteps ?? []) : [],
      ...(snapshot && { snapshot }),
      ...(shown !== undefined && { shown }),
    };
  }

  private sendSelection(): void {
    this.post({ kind: "select", ...(this.selected !== undefined && { id: this.selected }) });
  }

  private post(message: ToWebview): void {
    if (this.ready) void this.panel.webview.postMessage(posted(message));
  }
}

async function answerTo(question: Exclude<Question, EditQuestion>, { worker, recorded }: Session): Promise<Answer> {
  switch (question.method) {
    case "inspect":
      return await worker.request("inspect", question.parameters);
    case "evaluate":
      return await worker.request("evaluate", question.parameters);
    case "series":
      return seriesOf(recorded);
    case "histograms":
      return histogramsOf(recorded, question.parameters.id);
    default:
      throw new Error(`The panel asks what nobody answers: ${question satisfies never}`);
  }
}

const commandOf: { readonly [C in TrainingControl]: CommandId } = {
  train: "nnet.train",
  step: "nnet.step",
  pause: "nnet.pause",
  resume: "nnet.resume",
  stop: "nnet.stop",
  reset: "nnet.resetWeights",
};

function titleOf(uri: vscode.Uri): string {
  return `${fileName(uri)} diagram`;
}

/** Of the text editors that are open, the document whose diagram has this title; none when there are several. */
function openDocumentOf(title: string): vscode.Uri | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const documents = tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const found = new Map(documents.filter((uri) => titleOf(uri) === title).map((uri) => [uri.toString(), uri]));
  return found.size === 1 ? [...found.values()][0] : undefined;
}

function isDiagramState(state: unknown): state is DiagramState {
  return typeof state === "object" && state !== null && "uri" in state && typeof state.uri === "string";
}
