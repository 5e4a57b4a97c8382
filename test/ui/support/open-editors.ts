// Which editors are open, on the screen and in what VS Code restores a window from.

import type { Page } from "playwright-core";
import { eventually } from "./eventually";

/**
 * Waits until VS Code has written down all editors that are open.
 *
 * In a browser it does so every 5 seconds, when it has nothing else to do.
 */
export async function areWrittenDown(page: Page): Promise<void> {
  const failure = (missing: string) => new Error(`VS Code does not write down that ${missing} is open.`);
  await eventually(
    page,
    () => page.evaluate(notWrittenDown),
    (missing) => missing.length === 0,
    failure,
  );
}

/** In the page: the titles of the tabs that the workspace's stored state does not mention. */
async function notWrittenDown(): Promise<string[]> {
  const result = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let stored = "";
  for (const { name, version } of await indexedDB.databases()) {
    if (!name?.startsWith("vscode-web-state-db-") || name.includes("-global")) continue;
    const database = await result(indexedDB.open(name, version));
    const items = database.transaction("ItemTable").objectStore("ItemTable");
    stored += (await result(items.get("memento/workbench.parts.editor"))) ?? "";
    database.close();
  }
  const titles = [...document.querySelectorAll(".part.editor .tab .label-name")];
  return titles.map(({ textContent }) => textContent ?? "").filter((title) => !stored.includes(title));
}
