// nnet: Derive as a person uses it: from the lens and from the palette, typeset by VS Code's own preview, following the text.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";
import { preview } from "./support/preview";

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1500, height: 950 } });
});
afterAll(async () => {
  await vs?.close();
});

test("the lens above a check opens its derivation beside the text, typeset without errors and overflow", async () => {
  await vs.openFile("lectures/masha.nnet");
  await vs.codeLens("∂ Derive").first().click();
  const frame = await preview(vs, /one step by hand[\s\S]*All 9 expectations hold/);
  expect(await frame.locator(".katex-display").count()).toBeGreaterThan(12);
  expect(await frame.locator(".katex-error").count()).toBe(0);
  const tooWide = await frame.evaluate(
    () =>
      [...document.querySelectorAll(".katex-display .base")].filter(
        (base) => base.getBoundingClientRect().right > innerWidth,
      ).length,
  );
  expect(tooWide).toBe(0);
});

test("the page follows the text", async () => {
  await vs.eval(async (vscode) => {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith("masha.nnet"))!;
    const at = editor.document.getText().indexOf("expect loss == 0.25") + "expect loss == ".length;
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 4)), "0.26"),
    );
  }, undefined);
  await preview(vs, /expect loss == 0\.26[\s\S]*1 of 9 expectations does not hold/);
});

test("the palette asks which check when there are several", async () => {
  await vs.openFile("lectures/softmax.nnet");
  await vs.command("nnet: Derive");
  const choice = vs.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "four numbers" });
  await choice.waitFor();
  await choice.click();
  await preview(vs, /four numbers[\s\S]*Softmax/);
});
