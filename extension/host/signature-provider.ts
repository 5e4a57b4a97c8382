// Signature help: what the call around the cursor takes.

import * as vscode from "vscode";
import { signatureAt } from "../language/signature";
import { type Documents, selector } from "./documents";
import type { ProjectFiles } from "./navigation-providers";

export function provideSignatures(documents: Documents, files: ProjectFiles): vscode.Disposable {
  return vscode.languages.registerSignatureHelpProvider(
    selector,
    {
      async provideSignatureHelp(document, position) {
        const environment = { project: await files.around(document), path: document.uri.path };
        const found = signatureAt(documents.analysisOf(document), document.offsetAt(position), environment);
        if (found === undefined) return undefined;
        const signature = new vscode.SignatureInformation(found.label, new vscode.MarkdownString(found.documentation));
        signature.parameters = found.parameters.map(
          ({ range, documentation }) =>
            new vscode.ParameterInformation([range.start, range.end], new vscode.MarkdownString(documentation)),
        );
        const help = new vscode.SignatureHelp();
        help.signatures = [signature];
        help.activeSignature = 0;
        // An index behind the last parameter marks none.
        help.activeParameter = found.active ?? found.parameters.length;
        return help;
      },
    },
    { triggerCharacters: ["(", ","], retriggerCharacters: [":"] },
  );
}
