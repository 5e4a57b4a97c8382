// A small network in the diagram of a real VS Code, to be edited by mouse and keyboard: what is on the screen, and gestures
// of a person.

import type { FrameLocator, Locator } from "playwright-core";
import { EditedText } from "./edited-text";
import type { Point } from "./editor";

export class EditedDiagram extends EditedText {
  /** Opens a window, the file and its diagram, which is there when it shows `node`. */
  static async showing(node: string, text: string): Promise<EditedDiagram> {
    const diagram = new EditedDiagram(await EditedText.window(text), text);
    const { vs } = diagram;
    // A desktop gives it to VS Code; a browser asks its user.
    await vs.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await vs.command("nnet: Open Diagram");
    await diagram.node(node).waitFor();
    await diagram.drawn();
    return diagram;
  }

  get view(): FrameLocator {
    return this.vs.webview();
  }

  node(id: string): Locator {
    return this.view.locator(`.react-flow__node[data-id="${id}"]`);
  }

  edge(id: string): Locator {
    return this.view.locator(`.react-flow__edge[data-id="${id}"]`);
  }

  get message(): Locator {
    return this.view.locator(".edit-message");
  }

  get verdict(): Locator {
    return this.view.locator(".verdict");
  }

  get overlay(): Locator {
    return this.view.locator(".drag-overlay");
  }

  /** Waits until the text is as wanted, and drawn: the next gesture is about what is seen then. */
  override async textBecomes(accept: (value: string) => boolean, what: string): Promise<string> {
    const text = await super.textBecomes(accept, what);
    await this.drawn();
    return text;
  }

  private async drawn(): Promise<void> {
    const version = await this.vs.eval(
      (vscode, name) => vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(name))!.version,
      this.file,
    );
    await this.view.locator(`.diagram[data-version="${version}"][aria-busy=false]`).waitFor();
  }

  /** By keyboard, in the diagram; then the text is what it was before all tests. */
  override async undo(): Promise<void> {
    await this.focus("x");
    await this.press("Control+z");
    await this.textBecomes((now) => now === this.before, "Undo did not give the text that was there before");
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.vs.page.keyboard.press(key);
  }

  /** As Tab does: a node of the diagram has the keyboard. */
  async focus(id: string): Promise<void> {
    const node = this.node(id);
    await node.waitFor();
    await this.vs.eventually(
      async () => {
        await node.focus();
        return await node.evaluate((element) => element === document.activeElement);
      },
      (focused) => focused,
      `${id} does not take the keyboard`,
    );
    // Reached by mouse or not: it is what the keys are about.
    await node.press("Space");
  }

  /** Ids, in the order they are drawn in. */
  async selected(): Promise<readonly (string | null)[]> {
    return await this.view
      .locator(".react-flow__node[aria-selected=true]")
      .evaluateAll((found) => found.map((each) => each.getAttribute("data-id")));
  }

  async selectionBecomes(...ids: readonly string[]): Promise<void> {
    await this.vs.eventually(
      () => this.selected(),
      (found) => found.join() === ids.join(),
      `What is selected is not ${ids.join(", ")}`,
    );
  }

  async middleOf(place: Locator): Promise<Point> {
    const box = await place.boundingBox();
    if (!box) throw new Error(`${place} is not on the screen.`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** The button is still down afterwards. */
  async drag(from: Point, to: Point): Promise<void> {
    const { mouse } = this.vs.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 12, from.y + 6, { steps: 3 });
    await mouse.move(to.x, to.y, { steps: 8 });
  }

  async drop(): Promise<void> {
    await this.vs.page.mouse.up();
  }

  async openPalette(): Promise<void> {
    await this.view.getByRole("button", { name: "Show palette" }).click();
  }

  async closePalette(): Promise<void> {
    await this.view.getByRole("button", { name: "Hide palette" }).click();
  }

  /** Of the palette, which is open. */
  async entry(name: RegExp): Promise<Locator> {
    const entry = this.view.getByRole("option", { name }).first();
    await entry.scrollIntoViewIfNeeded();
    return entry;
  }
}
