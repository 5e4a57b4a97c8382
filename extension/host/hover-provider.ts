// Hover: what stands under the pointer, with the numbers of the step that is looked at and where they come from.

import * as vscode from "vscode";
import { explainCommand, showCommand } from "../language/explanation-text";
import { hover } from "../language/hover";
import type { ExplainedHover } from "../language/hover/explanation";
import { type ValuePlace, valueAt } from "../language/value-at";
import type { DataDescriptions } from "./data-descriptions";
import { type Documents, selector } from "./documents";
import type { ExplainSubject, Explanations } from "./explain";
import type { FormulaPictures } from "./formula-pictures";
import { rangeIn } from "./places";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

/** Milliseconds for the worker's answer: a hover appears at once. */
const patience = 300;

export interface HoverSources {
  readonly documents: Documents;
  readonly sessions: Sessions;
  readonly data: DataDescriptions;
  readonly explanations: Explanations;
  readonly pictures: FormulaPictures;
  /** Called before anything is looked up. */
  readonly asked: () => void;
}

export function provideHovers(sources: HoverSources): vscode.Disposable {
  const { documents, sessions, data, explanations, pictures, asked } = sources;
  return vscode.languages.registerHoverProvider(selector, {
    async provideHover(document, position, token) {
      asked();
      const analysis = documents.analysisOf(document);
      const offset = document.offsetAt(position);
      const session = sessions.find(document.uri);
      const order = session && orderFor(valueAt(analysis, offset), session);
      const request = order && { ...order, uri: document.uri.toString() };
      const answer = order && (await explanations.askBriefly(session, order, patience, cancellationOf(token)));
      const explained: ExplainedHover | undefined = request &&
        answer && {
          request,
          explanation: answer.kind === "explained" ? answer.explanation : undefined,
          ...(answer.kind === "refused" && { problem: answer.message }),
        };
      const found = hover(analysis, offset, {
        snapshot: session?.shown,
        stale: session?.isStale(analysis) ?? false,
        summaryOf: (declaration) => data.summaryOf(document.uri, declaration),
        pictures: await pictures.current(),
        explained,
      });
      if (!found) return undefined;
      const markdown = new vscode.MarkdownString(found.markdown);
      markdown.isTrusted = { enabledCommands: [explainCommand, showCommand] };
      return new vscode.Hover(markdown, rangeIn(document, found.range));
    },
  });
}

/** If it can be explained: a value or parameter of the network that trains. */
export function orderFor(place: ValuePlace | undefined, { shown, training }: Session): ExplainSubject | undefined {
  if (!shown || !place || place.network !== training?.network.name) return undefined;
  const quantity = shown.quantities[place.id];
  return quantity && { id: place.id, of: quantity.gradient ? "gradient" : "value" };
}

function cancellationOf(token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => token.onCancellationRequested(() => resolve()));
}
