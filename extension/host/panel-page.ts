// The HTML of a diagram's panel: what it may load, and nothing else.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

export interface PageOptions {
  /** The folder of scripts and style sheets. */
  readonly assets: vscode.Uri;
  /** Of the document whose diagram it is. */
  readonly uri: vscode.Uri;
  readonly title: string;
}

export function panelPage(webview: vscode.Webview, { assets, uri, title }: PageOptions): string {
  const nonce = randomBytes(16).toString("base64");
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} data:`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    // The layout worker is fetched and started from a blob: a webview may not start one from its resource address.
    "worker-src blob:",
    `connect-src ${webview.cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <!-- The toolkit reads from here with which nonce it may add a style element. -->
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${asset("codicon.css")}">
  <link rel="stylesheet" href="${asset("main.css")}">
  <title>${escapeHtml(title)}</title>
</head>
<body data-uri="${escapeHtml(uri.toString())}" data-layout-worker="${asset("layout-worker.js")}">
  <div id="root"></div>
  <script nonce="${nonce}" src="${asset("main.js")}"></script>
</body>
</html>`;
}

/** A page that only says what is wrong. */
export function problemPage(problem: string): string {
  return `<!DOCTYPE html><html lang="en"><body><p>${escapeHtml(problem)}</p></body></html>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
