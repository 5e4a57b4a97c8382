// What a person does in the middle of a training: reloads, closes, reopens, edits, starts another one.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1400, height: 900 } });
  // Long enough to last through all tests.
  for (const file of ["digits.nnet", "spiral.nnet"]) {
    const place = path.join(vs.workspace, file);
    writeFileSync(place, readFileSync(place, "utf8").replace(/epochs: \d+/, "epochs: 100000"));
  }
});
afterAll(async () => {
  await vs?.close();
});

interface Seen {
  readonly state: string;
  readonly training: string | undefined;
  readonly epoch: number;
  readonly values: readonly string[];
}

/** What the extension says about the training of a file of the workspace. */
async function seen(file: string): Promise<Seen> {
  return await vs.eval(
    (vscode, place): Seen => {
      interface Api {
        session(uri: unknown):
          | {
              readonly state: { readonly kind: string; readonly training?: string };
              readonly history: readonly { readonly epoch: number }[];
              readonly snapshot: { readonly quantities: Readonly<Record<string, unknown>> } | undefined;
            }
          | undefined;
      }
      const api = vscode.extensions.getExtension<Api>("nnet.nnet")!.exports;
      const session = api.session(vscode.Uri.file(place));
      return {
        state: session?.state.kind ?? "idle",
        training: session?.state.training,
        epoch: session?.history.at(-1)?.epoch ?? 0,
        values: Object.keys(session?.snapshot?.quantities ?? {}),
      };
    },
    path.join(vs.workspace, file),
  );
}

async function goesOn(file: string): Promise<Seen> {
  const before = await seen(file);
  const after = await vs.eventually(
    () => seen(file),
    ({ state, epoch }) => state === "running" && epoch > before.epoch,
    `The training of ${file} does not go on`,
  );
  expect(after.state).toBe("running");
  return after;
}

const node = (label: RegExp) => vs.webview().locator(".react-flow__node").filter({ hasText: label }).first();

test("a reloaded window shows the diagram again, with the network drawn", async () => {
  await vs.openFile("digits.nnet");
  await vs.lineLocator("as h1[64]").waitFor();
  await vs.command("nnet: Open Diagram");
  await node(/logits/).waitFor();
  await vs.reload();
  await node(/logits/).waitFor();
  await node(/h1/).waitFor();
});

test("a training goes on when its text is edited, and its numbers count as old until the edit is undone", async () => {
  await vs.openFile("digits.nnet");
  await vs.command("nnet: Train");
  await goesOn("digits.nnet");
  await vs.reveal("64) {");
  await vs.type("1");
  const hover = async (): Promise<string> =>
    (await vs.hover({ line: "-> Dense(hidden) as h1", word: "h1" })).innerText();
  await vs.eventually(hover, (text) => /before the last edit/.test(text), "The numbers are not old");
  await goesOn("digits.nnet");
  await vs.press("Control+Z");
  await vs.eventually(hover, (text) => !/before the last edit/.test(text), "The numbers stay old");
  await vs.press("Control+Shift+Z");
  await vs.eventually(hover, (text) => /before the last edit/.test(text), "The numbers are not old again");
  await vs.press("Control+Z");
  await goesOn("digits.nnet");
});

test("a diagram that is closed and opened again has all epochs of the training that went on", async () => {
  await vs.eventually(
    () => seen("digits.nnet"),
    ({ epoch }) => epoch > 5,
    "Too few epochs",
  );
  const tab = vs.page.locator(`.tab[aria-label*="diagram"]`);
  await tab.locator(".tab-actions .action-label").click();
  await tab.waitFor({ state: "detached" });
  await goesOn("digits.nnet");
  await vs.openFile("digits.nnet");
  await vs.command("nnet: Open Diagram");
  await node(/logits/).waitFor();
  await vs.webview().locator('[aria-label="Show as table"]').first().click();
  const table = vs.webview().getByRole("table", { name: /^Loss and metrics of the last epochs/ });
  await table.getByRole("rowheader").nth(5).waitFor();
});

test("two files train at the same time without mixing their numbers", async () => {
  await vs.openFile("spiral.nnet");
  await vs.command("nnet: Train");
  const spiral = await goesOn("spiral.nnet");
  const digits = await goesOn("digits.nnet");
  expect(spiral.values).toContain("point");
  expect(spiral.values).not.toContain("pixels");
  expect(digits.values).toContain("pixels");
  expect(digits.values).not.toContain("point");
  await vs.statusBarItem(new RegExp(`${spiral.training} epoch`)).waitFor();
  await vs.openFile("digits.nnet");
  await vs.statusBarItem(new RegExp(`${digits.training} epoch`)).waitFor();
  await vs.openFile("spiral.nnet");
  await vs.command("nnet: Stop");
  await vs.eventually(
    () => seen("spiral.nnet"),
    ({ state }) => state === "stopped",
    "It does not stop",
  );
  await goesOn("digits.nnet");
});

test("a training goes on when its editors are closed, is offered for stopping, and is found again", async () => {
  await vs.command("View: Close All Editors");
  await vs.page.locator(".part.editor .tab").first().waitFor({ state: "detached" });
  await goesOn("digits.nnet");
  await vs.notification(/Training Reader/).waitFor();
  await vs.openFile("digits.nnet");
  await vs.statusBarItem(/Reader epoch/).waitFor();
  await vs.command("nnet: Stop");
  await vs.statusBarItem(/Reader stopped/).waitFor();
  await vs.notification(/Training Reader/).waitFor({ state: "detached" });
});
