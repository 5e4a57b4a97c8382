// Hover: what stands under the pointer, with the numbers of the last training step.

import * as vscode from "vscode";
import { hover } from "../language/hover";
import type { DataDescriptions } from "./data-descriptions";
import { type Documents, selector } from "./documents";
import { rangeIn } from "./places";
import type { Sessions } from "./sessions";

export function provideHovers(documents: Documents, sessions: Sessions, data: DataDescriptions): vscode.Disposable {
  return vscode.languages.registerHoverProvider(selector, {
    provideHover(document, position) {
      const analysis = documents.analysisOf(document);
      const session = sessions.find(document.uri);
      const found = hover(analysis, document.offsetAt(position), {
        snapshot: session?.shown,
        stale: session?.isStale(analysis) ?? false,
        summaryOf: (declaration) => data.summaryOf(document.uri, declaration),
      });
      if (!found) return undefined;
      const markdown = new vscode.MarkdownString(found.markdown);
      return new vscode.Hover(markdown, rangeIn(document, found.range));
    },
  });
}
