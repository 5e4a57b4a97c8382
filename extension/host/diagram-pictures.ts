// A picture of a diagram → a file where the user says.

import * as vscode from "vscode";
import type { PictureFormat } from "../../engine/protocol/editing";
import { fileName } from "./places";
import { inform, Problem, type Remedy, running } from "./problem";

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

/** Says where it is, or throws Problem. */
export async function savePicture(picture: Picture): Promise<void> {
  const { format, data, beside, name } = picture;
  const { title, encoding } = formats[format];
  const target = await vscode.window.showSaveDialog({
    title: `Export Diagram as ${title}`,
    defaultUri: vscode.Uri.joinPath(beside, "..", `${name}.${format}`),
    filters: { [title]: [format] },
  });
  if (!target) return;
  try {
    await vscode.workspace.fs.writeFile(target, Buffer.from(data, encoding));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const elsewhere: Remedy = { title: "Save Elsewhere", run: () => savePicture(picture) };
    throw new Problem(`${fileName(target)} could not be written: ${reason}`, elsewhere);
  }
  void inform(`The diagram of ${name} is in ${fileName(target)}.`, running("Open", "vscode.open", target));
}
