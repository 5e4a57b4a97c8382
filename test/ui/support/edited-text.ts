// A small network in a text editor of a real VS Code, to be edited: what its text is, and the questions of F1.

import type { Locator } from "playwright-core";
import { openVSCode, type VSCode } from "../fixture";

const file = "edited.nnet";

export class EditedText {
  protected constructor(
    readonly vs: VSCode,
    /** The text of the file when it was opened. */
    readonly before: string,
  ) {}

  static async open(text: string): Promise<EditedText> {
    return new EditedText(await EditedText.window(text), text);
  }

  /** Which shows the text. */
  protected static async window(text: string): Promise<VSCode> {
    const vs = await openVSCode({ viewport: { width: 1500, height: 950 }, files: { [file]: text } });
    await vs.openFile(file);
    return vs;
  }

  async close(): Promise<void> {
    await this.vs.close();
  }

  readonly file = file;

  async text(): Promise<string> {
    return await this.vs.eval(
      (vscode, name) => vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(name))?.getText() ?? "",
      file,
    );
  }

  async textBecomes(accept: (value: string) => boolean, what: string): Promise<string> {
    return await this.vs.eventually(() => this.text(), accept, what);
  }

  /** Waits until only this has been written in place of that, since the beginning. */
  async becomes(written: string, now: string): Promise<void> {
    await this.textBecomes((text) => text === this.before.replace(written, now), `"${now}" was not written`);
  }

  /** In the text editor; then the text is what it was before all tests. */
  async undo(): Promise<void> {
    await this.vs.press("Control+z");
    await this.textBecomes((now) => now === this.before, "Undo did not give the text that was there before");
  }

  /** What F1 asks. */
  get question(): Locator {
    return this.vs.page.locator(".quick-input-widget:visible");
  }
}
