// Gestures and readings of VS Code's workbench that need nothing but the page: palette, hover, webviews, notifications.
import type { FrameLocator, Locator, Page } from "playwright-core";
import { type Point, pointOfWord, type WordInLine } from "./editor";
import { eventually } from "./eventually";

export const extensionId = "nnet.nnet";

/** Runs a command as a person does: F1, its title, Enter. `title` is the whole line, "nnet: Train". */
export async function runFromPalette(page: Page, title: string): Promise<void> {
  const widget = page.locator(".quick-input-widget:visible");
  const input = widget.locator("input.input");
  await page.keyboard.press("F1");
  await input.waitFor();
  await input.fill(`>${title}`);
  await focusRow(page, widget, title);
  await page.keyboard.press("Enter");
  // Gone, or already asking the command's own question: the palette has no other way to say "accepted".
  await page.waitForFunction((typed) => {
    const field = document.querySelector<HTMLInputElement>(".quick-input-widget input.input");
    return !field || field.offsetParent === null || field.value !== typed;
  }, `>${title}`);
}

/** "nnet: Run" is a part of "nnet: Run Checks", and the palette puts recently used commands first. */
async function focusRow(page: Page, widget: Locator, title: string): Promise<void> {
  const wanted = widget.locator(".monaco-list-row", { has: page.getByText(title, { exact: true }) }).first();
  await wanted.waitFor().catch(async () => {
    const rows = await widget.locator(".monaco-list-row").allInnerTexts();
    throw new Error(`The palette offers no "${title}", only: ${rows.join(" | ") || "nothing"}.`);
  });
  for (let step = 0; step < 20; step++) {
    if ((await wanted.getAttribute("class"))?.includes("focused")) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`The palette's row "${title}" cannot be reached with the arrow keys.`);
}

/** Where the mouse rests between two gestures: the middle of the status bar shows no hover. */
async function moveMouseAway(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.mouse.move(size.width / 2, size.height - 4);
}

/**
 * Hovers with the real mouse and returns the hover that appears, once it says more than "Loading...".
 *
 * The whole gesture is repeated until then: VS Code replaces the elements of a line whenever its tokens, hints or
 * decorations change, and a hover that was waiting for the mouse to rest on the old element never opens.
 */
export async function hover(page: Page, target: Locator | WordInLine): Promise<Locator> {
  const shown = page.locator(".monaco-hover:visible .hover-contents, .debug-hover-widget:visible");
  const attempts = 12;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await moveMouseAway(page);
    await shown
      .first()
      .waitFor({ state: "hidden", timeout: 1000 })
      .catch(() => {});
    const point = await eventually(
      page,
      () => pointOf(page, target),
      (found) => found !== undefined,
      () => new Error(`${describe(target)} is not on the screen.`),
    );
    await page.mouse.move(point.x - 3, point.y);
    await page.mouse.move(point.x, point.y, { steps: 3 });
    // VS Code waits 300 ms before it asks; then the provider answers. A busy machine needs the rest, and more the busier.
    if (await hasContent(page, shown, 1500 + attempt * 500)) return shown.first();
  }
  throw new Error(`No hover appeared over ${describe(target)}, however often the mouse came.`);
}

async function hasContent(page: Page, shown: Locator, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const texts = await shown.allInnerTexts();
    const settled = texts.length > 0 && texts.every((text) => !/^\s*Loading\.\.\.\s*$/.test(text));
    if (settled && texts.some((text) => text.trim() !== "")) return true;
    await page.waitForTimeout(50);
  }
  return false;
}

async function pointOf(page: Page, target: Locator | WordInLine): Promise<Point | undefined> {
  if ("line" in target) return pointOfWord(page, target);
  const box = await target
    .first()
    .boundingBox({ timeout: 1000 })
    .catch(() => null);
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : undefined;
}

function describe(target: Locator | WordInLine): string {
  return "line" in target ? JSON.stringify(target) : String(target);
}

export interface WebviewOptions {
  /** A panel among the editors (the default) or a view in a side bar. */
  kind?: "panel" | "view";
  extension?: string;
}

/** The document inside a webview: VS Code wraps it in two frames. */
export function webview(page: Page, { kind = "panel", extension = extensionId }: WebviewOptions = {}): FrameLocator {
  const view = '[src*="purpose=webviewView"]';
  const filter = kind === "view" ? view : `:not(${view})`;
  // VS Code hides webviews of background tabs instead of removing them.
  const outer = `iframe.webview.ready[src*="extensionId=${extension}"]${filter}:visible`;
  return page.frameLocator(outer).frameLocator("iframe#active-frame");
}

/**
 * Waits until VS Code knows that a webview has the keyboard, if one has.
 *
 * It looks four times a second (`trackFocus` in its webview/browser/pre/index.html) and then makes the webview's editor
 * the active one, even when the keyboard has meanwhile gone elsewhere: nobody is that quick with a mouse, a test is.
 */
export async function webviewIsNoticed(page: Page): Promise<void> {
  const focused = (await page.evaluateHandle(() => document.activeElement)).asElement();
  const frame = await focused?.contentFrame();
  if (!frame) return;
  // Timers of one thread go off in order: a look has been between the first and the second of ours.
  await frame.evaluate(async () => {
    for (let look = 0; look < 2; look++) await new Promise((resolve) => setTimeout(resolve, 250));
  });
}

/** The toast or the entry of the notification center that contains `text`. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page
    .locator(".notification-toast:visible, .notifications-center:visible .notification-list-item")
    .filter({ hasText: text })
    .first();
}

export function codeLens(page: Page, text: string | RegExp): Locator {
  return page.locator(".part.editor .codelens-decoration a").filter({ hasText: text }).first();
}

export function statusBarItem(page: Page, text: string | RegExp): Locator {
  return page.locator(".part.statusbar .statusbar-item").filter({ hasText: text }).first();
}

/** A button of a modal dialog. */
export function dialogButton(page: Page, label: string): Locator {
  return page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: label }).first();
}
