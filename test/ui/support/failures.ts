// What was on the screen when a test failed: of a run on another machine nothing is left but what it printed.

import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterEach } from "vitest";
import { repositoryRoot } from "../../host/paths";
import { openWindows } from "../fixture";

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  for (const { page } of openWindows) {
    // The window itself may be what failed: then there is only the test's own message.
    const words = await screenWords(page).catch((error: unknown) => `The window does not answer: ${error}`);
    const picture = path.join(repositoryRoot, "out/failures", `${task.name.replace(/[^\w ]/g, "").slice(0, 80)}.png`);
    mkdirSync(path.dirname(picture), { recursive: true });
    await page.screenshot({ path: picture, timeout: 5000 }).catch(() => {});
    console.error(`On the screen when "${task.name}" failed:\n${words}`);
  }
});

/** Who has the keyboard, and the words of each part of the window that may be in the way of another. */
async function screenWords(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const words = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)]
        .filter(visible)
        .map((element) => element.innerText.replaceAll("\u00a0", " ").trim())
        .filter((text) => text !== "")
        .join("\n");
    const focused = document.activeElement;
    const parts: Readonly<Record<string, string>> = {
      keyboard: `${focused?.tagName} ${focused?.className} ${focused?.getAttribute("aria-label") ?? ""}`,
      tabs: words(".part.editor .tab.active"),
      menu: words(".action-widget, .context-view, .monaco-menu"),
      palette: words(".quick-input-widget"),
      dialog: words(".monaco-dialog-box"),
      notifications: words(".notification-toast"),
      suggestions: words(".suggest-widget.visible"),
      hover: words(".monaco-hover"),
      message: words(".monaco-editor-overlaymessage"),
      "status bar": words(".part.statusbar").replaceAll("\n", " | "),
      text: words(".part.editor .view-lines"),
    };
    return Object.entries(parts)
      .filter(([, text]) => text !== "")
      .map(([part, text]) => `- ${part}: ${text.slice(0, 1500)}`)
      .join("\n");
  });
}
