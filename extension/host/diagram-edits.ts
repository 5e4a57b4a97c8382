// Gestures in the diagram → edits of its document: computed for the version the diagram shows, made as one undo step.

import * as vscode from "vscode";
import type {
  EditOutcome,
  EditQuestions,
  PreviewOutcome,
  Refused,
  VersionedIntent,
} from "../../engine/protocol/editing";
import type { Question } from "../../engine/protocol/webview";
import { argumentsOf, copyOf, editsFor, previewOf } from "../language/edits";
import type { Became } from "../language/node-places";
import { valueAt } from "../language/value-at";
import type { Documents } from "./documents";
import { rangeIn } from "./places";

export type EditQuestion = Extract<Question, { method: keyof EditQuestions }>;

export type EditAnswer = EditQuestions[keyof EditQuestions]["result"];

export class DiagramEdits {
  constructor(
    private readonly documents: Documents,
    private readonly uri: vscode.Uri,
    /** Told before the text changes, when it is known what values are called then; of nothing when it did not change. */
    private readonly expect: (became: Became | undefined) => void,
  ) {}

  async answer(question: EditQuestion): Promise<EditAnswer> {
    const document = await this.documents.open(this.uri);
    switch (question.method) {
      case "edit":
        return await this.edit(document, question.parameters);
      case "preview":
        return this.preview(document, question.parameters);
      case "copy": {
        const { version, network, values } = question.parameters;
        if (document.version !== version) return outdated;
        const copied = copyOf(this.documents.analysisOf(document), network, values);
        if (copied.kind === "refused") return copied;
        await vscode.env.clipboard.writeText(copied.chain);
        return { kind: "copied" };
      }
      case "clipboard":
        return (await vscode.env.clipboard.readText()).trim();
      case "arguments": {
        const { version, network, of } = question.parameters;
        if (document.version !== version) return outdated;
        return argumentsOf(this.documents.analysisOf(document), network, of);
      }
      default:
        throw new Error(`The diagram asks what nobody answers: ${question satisfies never}`);
    }
  }

  /** The editor undoes what the editor that has the focus shows: so the text has it for a moment. */
  async history(command: "undo" | "redo"): Promise<void> {
    const document = await this.documents.open(this.uri);
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, { viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One });
    await vscode.commands.executeCommand(command);
  }

  async edit(document: vscode.TextDocument, { version, intent }: VersionedIntent): Promise<EditOutcome> {
    if (document.version !== version) return outdated;
    const analysis = this.documents.analysisOf(document);
    const result = editsFor(analysis, intent, this.documents.environmentOf(this.uri));
    if (result.kind === "refused") return result;
    const change = new vscode.WorkspaceEdit();
    for (const { range, newText } of result.edits) change.replace(this.uri, rangeIn(document, range), newText);
    this.expect(result.became && { network: intent.network, ids: result.became });
    const isWritten = await vscode.workspace.applyEdit(change);
    this.expect(undefined);
    if (!isWritten) return notWritten;
    const { problems, select } = result;
    const place = select && valueAt(this.documents.analysisOf(document), select.end);
    const isShown = place?.network === intent.network;
    return { kind: "done", problems, ...(isShown ? { select: place.id } : {}) };
  }

  preview(document: vscode.TextDocument, { version, intent }: VersionedIntent): PreviewOutcome {
    if (document.version !== version) return outdated;
    const analysis = this.documents.analysisOf(document);
    const result = previewOf(analysis, intent, this.documents.environmentOf(this.uri));
    if (result.kind === "refused") return result;
    const added = result.added.map(({ title, shape }) => (shape ? `${title} [${shape.join(", ")}]` : title));
    return { kind: "shapes", added, problems: result.problems };
  }
}

const editMethods: { readonly [M in keyof EditQuestions]: true } = {
  edit: true,
  preview: true,
  copy: true,
  clipboard: true,
  arguments: true,
};

export function isEditQuestion(question: Question): question is EditQuestion {
  return question.method in editMethods;
}

const outdated: Refused = {
  kind: "refused",
  message: "The text has changed since the diagram was drawn: look at it, then do it again.",
};

const notWritten: Refused = { kind: "refused", message: "VS Code could not change the text: is the file read-only?" };
