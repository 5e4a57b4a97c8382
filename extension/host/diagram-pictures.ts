// A picture of a diagram → a file where the user says.

import * as vscode from "vscode";
import type { PictureFormat } from "../../engine/protocol/editing";

interface Picture {
  readonly format: PictureFormat;
  /** The text of an SVG, or a PNG in base 64. */
  readonly data: string;
  /** The file that is drawn. */
  readonly beside: vscode.Uri;
  readonly name: string;
}

const formats: { readonly [F in PictureFormat]: { readonly title: string; readonly encoding: BufferEncoding } } = {
  svg: { title: "SVG", encoding: "utf8" },
  png: { title: "PNG", encoding: "base64" },
};

export async function savePicture({ format, data, beside, name }: Picture): Promise<void> {
  const { title, encoding } = formats[format];
  const target = await vscode.window.showSaveDialog({
    title: `Export Diagram as ${title}`,
    defaultUri: vscode.Uri.joinPath(beside, "..", `${name}.${format}`),
    filters: { [title]: [format] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(data, encoding));
}
