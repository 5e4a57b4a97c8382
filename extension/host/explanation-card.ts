// nnet: Explain Gradient: one number explained on a card beside the text. Links on it lead along the chain, by mouse and
// by keyboard; the editor shows where each number stands. It follows the training while that is paused, and whoever looks
// back in time.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Explanation } from "../../engine/protocol/explanation";
import type { AskedMoment } from "../../engine/protocol/inspection";
import { type CardContent, explanationPage } from "../language/explanation-page";
import { commandLink, type ExplainRequest, explainCommand, showCommand } from "../language/explanation-text";
import type { Documents } from "./documents";
import type { ExplainSubject, Explanations } from "./explain";
import { orderFor } from "./hover-provider";
import type { Panels } from "./panel";
import { columnBeside, fileName } from "./places";
import { NothingToDo, running } from "./problem";
import type { RevealedValues } from "./revealed-values";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { Throttle } from "./throttle";

interface Card {
  readonly request: ExplainRequest;
  /** What it was asked about last. */
  moment: AskedMoment;
  content: CardContent;
}

export class ExplanationCards implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private card: Card | undefined;
  private readonly follow = new Throttle(500, () => void this.update());
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly sessions: Sessions,
    private readonly explanations: Explanations,
    private readonly panels: Panels,
    private readonly revealed: RevealedValues,
  ) {
    const concerns = (uri: vscode.Uri): boolean => uri.toString() === this.card?.request.uri;
    this.subscriptions = vscode.Disposable.from(
      sessions.onDidChange(({ session: { uri } }) => concerns(uri) && this.follow.request()),
      documents.onDidAnalyze(({ uri }) => concerns(uri) && this.follow.request()),
    );
  }

  /** Of what stands at the cursor. Throws NothingToDo when nothing there can be explained. */
  async explainAt(document: vscode.TextDocument): Promise<void> {
    await this.explain(this.requestAt(document), { focus: true });
  }

  /** Who follows a link on the card stays on it. */
  async explain(request: ExplainRequest, { focus } = { focus: this.panel?.active ?? false }): Promise<void> {
    const session = this.sessionOf(request);
    const card: Card = { request, moment: session.moment, content: { kind: "waiting", name: nameOf(request) } };
    this.card = card;
    this.show({ beside: vscode.Uri.parse(request.uri), focus });
    await this.revealValue(request, { preserveFocus: true });
    await this.workOut(card, session);
  }

  async showAt(document: vscode.TextDocument): Promise<void> {
    await this.showInDiagram(this.requestAt(document));
  }

  /** The diagram marks where the cursor stands. */
  async showInDiagram(request: ExplainRequest): Promise<void> {
    const document = await this.documents.open(vscode.Uri.parse(request.uri));
    await this.revealValue(request, { preserveFocus: false });
    if (request.inspect) this.panels.command(document, "openInspector");
    else this.panels.open(document);
  }

  dispose(): void {
    this.follow.dispose();
    this.subscriptions.dispose();
    this.panel?.dispose();
  }

  private requestAt(document: vscode.TextDocument): ExplainRequest {
    const session = this.sessions.find(document.uri);
    if (!session?.snapshot) throw nothingTrained(document.uri);
    const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
    const order = editor && orderFor(this.revealed.at(editor), session);
    if (!order) throw new NothingToDo("Put the cursor on a value or a parameter of the network that was trained.");
    return { ...order, uri: document.uri.toString() };
  }

  private sessionOf({ uri }: ExplainRequest): Session {
    const session = this.sessions.find(vscode.Uri.parse(uri));
    if (!session?.snapshot) throw nothingTrained(vscode.Uri.parse(uri));
    return session;
  }

  private async workOut(card: Card, session: Session): Promise<void> {
    const { id, of, element, checkGradient } = card.request;
    const subject: ExplainSubject = { id, of, ...(element && { element }), ...(checkGradient && { checkGradient }) };
    card.moment = session.moment;
    try {
      card.content = this.contentOf(card.request, await this.explanations.ask(session, subject));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      card.content = { kind: "refused", name: nameOf(card.request), message };
    }
    // Something else may have been asked for meanwhile.
    if (this.card === card) this.draw();
  }

  /** Works it out again while nothing runs; while it trains the card says that it has gone on. */
  private async update(): Promise<void> {
    const { card } = this;
    const session = card && this.sessions.find(vscode.Uri.parse(card.request.uri));
    if (!card || card.content.kind === "waiting" || !this.panel?.visible) return;
    const { content } = card;
    if (!session?.snapshot) {
      card.content = {
        kind: "refused",
        name: nameOf(card.request),
        message: "Its weights are gone: train or step first.",
      };
      this.draw();
      return;
    }
    const looksElsewhere = card.moment.step !== session.moment.step;
    const isOld = content.kind === "refused" || content.explanation.step !== session.shown?.step;
    if (looksElsewhere || (isOld && session.state.kind !== "running")) await this.workOut(card, session);
    else if (content.kind === "explained") {
      card.content = this.contentOf(card.request, content.explanation);
      this.draw();
    }
  }

  private contentOf(request: ExplainRequest, explanation: Explanation): CardContent {
    const uri = vscode.Uri.parse(request.uri);
    const session = this.sessions.find(uri);
    const document = this.documents.find(uri);
    if (document && session?.isStale(this.documents.analysisOf(document))) {
      return { kind: "explained", explanation, outdated: "The text has changed since the training began." };
    }
    const hasGoneOn = session?.shown !== undefined && session.shown.step > explanation.step;
    if (!hasGoneOn) return { kind: "explained", explanation };
    const renew = { text: "Work it out again", address: commandLink(explainCommand, request) };
    return { kind: "explained", explanation, outdated: "The training has gone on since.", renew };
  }

  private async revealValue({ uri, id }: ExplainRequest, options: { preserveFocus: boolean }): Promise<void> {
    const document = await this.documents.open(vscode.Uri.parse(uri));
    const network = this.sessions.find(document.uri)?.training?.network.name;
    if (network !== undefined) await this.revealed.reveal(document, { network, id }, options);
  }

  private show({ beside, focus }: { readonly beside: vscode.Uri; readonly focus: boolean }): void {
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel(
        "nnet.explanation",
        "Explanation",
        { viewColumn: columnBeside(beside), preserveFocus: !focus },
        { enableCommandUris: [explainCommand, showCommand], localResourceRoots: [] },
      );
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.card = undefined;
      });
      this.panel.onDidChangeViewState(() => this.follow.request());
    } else this.panel.reveal(undefined, !focus);
    this.draw();
  }

  private draw(): void {
    if (!this.panel || !this.card) return;
    const { content, request } = this.card;
    this.panel.title = content.kind === "explained" ? content.explanation.name : nameOf(request);
    this.panel.webview.html = page(explanationPage(content, request.uri), this.panel.title);
  }
}

function nothingTrained(uri: vscode.Uri): NothingToDo {
  const message = `${fileName(uri)}: there are no numbers to explain. Train first, or make a single step.`;
  return new NothingToDo(message, running("Train", "nnet.train", uri), running("Step", "nnet.step", uri));
}

function nameOf({ id, of }: ExplainRequest): string {
  return of === "gradient" ? `∂L/∂${id}` : id;
}

function page(body: string, title: string): string {
  const nonce = randomBytes(16).toString("base64");
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
  <title>${title.replace(/[&<>]/g, "")}</title>
  <style nonce="${nonce}">
    body { padding: 0 20px 20px; line-height: 1.5; }
    h1 { font-size: 1.3em; font-weight: 600; font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
    h2 { font-size: 1em; font-weight: 600; display: inline; margin: 0 8px 0 0; }
    .place { color: var(--vscode-descriptionForeground); }
    .formula { overflow-x: auto; padding: 12px 0; }
    .cause { border-left: 3px solid var(--vscode-textLink-foreground); padding-left: 10px; }
    .outdated { color: var(--vscode-descriptionForeground); font-style: italic; }
    .old { opacity: 0.55; }
    nav { margin: 8px 0; }
    ul { display: inline; padding: 0; }
    li { display: inline-block; margin-right: 14px; }
    a:focus-visible, .formula:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
  </style>
</head>
<body>${body}</body>
</html>`;
}
