// Checks as tests, as a person sees them: in the Test Explorer, in the gutter, at the expectation that failed, on save.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

const doubles = "block Double(x) {\n  return x * 2\n}\n";
const usesDouble =
  'import "doubles.nnet"\n\nnetwork Twice(x) {\n  return x -> Double as y\n}\n\ncheck "twice three" on Twice(x: 3) {\n  expect y == 6\n}\n';

beforeAll(async () => {
  const files = { "doubles.nnet": doubles, "uses-double.nnet": usesDouble };
  vs = await openVSCode({ viewport: { width: 1400, height: 900 }, files });
});
afterAll(async () => {
  await vs?.close();
});

/** A row of the Test Explorer, of a file or a check. */
const row = (label: string) => vs.page.locator(".test-explorer .monaco-list-row").filter({ hasText: label }).first();

/** The row once its test has come out so: `passed`, `failed`, `error`. */
const rowIn = (label: string, state: string) =>
  vs.page
    .locator(".test-explorer .monaco-list-row", { has: vs.page.locator(`.codicon-testing-${state}-icon`) })
    .filter({ hasText: label })
    .first();

const gutter = (state: string) => vs.page.locator(`.part.editor .cgmr.codicon-testing-${state}-icon`);

const failure = () => vs.page.locator(".test-error-content-widget:visible").first();

/** A button in the title of the Test Explorer. */
const titleButton = (icon: string) => vs.page.locator(`.part.sidebar .title-actions .codicon-testing-${icon}`).first();

async function replace(text: string, replacement: string): Promise<void> {
  await vs.eval(
    async (vscode, [from, to]) => {
      const editor = vscode.window.activeTextEditor!;
      const start = editor.document.positionAt(editor.document.getText().indexOf(from));
      await editor.edit((edit) => edit.replace(new vscode.Range(start, start.translate(0, from.length)), to));
    },
    [text, replacement] as const,
  );
}

describe("the Test Explorer", () => {
  test("lists the checks of files that are not open", async () => {
    // Nothing has been opened yet: the workspace itself has started the extension.
    await vs.command("Testing: Focus on Test Explorer View");
    await row("lectures/masha.nnet").waitFor();
    await row("lectures/circuit.nnet").waitFor();
    expect(await row("xor.nnet").count()).toBe(0);
  });

  test("runs them all", async () => {
    await titleButton("run-all-icon").click();
    await rowIn("lectures/masha.nnet", "passed").waitFor();
    await rowIn("lectures/circuit.nnet", "passed").waitFor();
    // What it imports is open nowhere either.
    await rowIn("uses-double.nnet", "passed").waitFor();
  });

  test("follows what is typed: a check gets a new item, and its old one goes", async () => {
    await vs.openFile("lectures/masha.nnet");
    await row("lectures/masha.nnet").click();
    await vs.page.keyboard.press("ArrowRight");
    await row("one step by hand").waitFor();
    await replace('"one step by hand"', '"one step by pen"');
    await row("one step by pen").waitFor();
    await row("one step by hand").waitFor({ state: "detached" });
  });
});

describe("a check that is run", () => {
  test("from its lens shows in the gutter that it passed", async () => {
    await vs.reveal("check ");
    await vs.codeLens("Check").click();
    await vs.notification(/"one step by pen" passed/).waitFor();
    await gutter("passed").first().waitFor();
    await rowIn("one step by pen", "passed").waitFor();
  });

  test("and fails shows at its expectation what came, and the difference on a click", async () => {
    await replace("expect y == [[1], [1]]", "expect y == [[1], [3]]");
    await vs.reveal("check ");
    await vs.codeLens("Check").click();
    await vs.notification(/"one step by pen" failed/).waitFor();
    await gutter("failed").first().waitFor();
    await failure().waitFor();
    expect(await failure().innerText()).toContain("[[1], [1]] != [[1], [3]]");
    await failure().locator(".content").click();
    const peek = vs.page.locator(".peekview-widget:visible");
    await peek.filter({ hasText: "y[1][0] is 1, expected 3" }).waitFor();
    await vs.page.keyboard.press("Escape");
  });

  test("on every save passes as soon as it is mended", async () => {
    await vs.command("Test: Start Continuous Run");
    await titleButton("turn-continuous-run-off").waitFor();
    await replace("expect y == [[1], [3]]", "expect y == [[1], [1]]");
    await vs.eval((vscode) => vscode.window.activeTextEditor!.document.save());
    await rowIn("one step by pen", "passed").waitFor();
    await failure().waitFor({ state: "hidden" });
  });

  test("while something in it is wrong says what", async () => {
    await replace("expect loss == 0.25", "expect los == 0.25");
    await vs.command("nnet: Run Checks");
    await vs.notification(/1 of 5 checks failed: "one step by pen"/).waitFor();
    await rowIn("one step by pen", "error").waitFor();
  });

  test("on every save runs again when a file is saved that its own file imports", async () => {
    await vs.openFile("doubles.nnet");
    await replace("x * 2", "x * 3");
    await vs.eval((vscode) => vscode.window.activeTextEditor!.document.save());
    await rowIn("uses-double.nnet", "failed").waitFor();
    await replace("x * 3", "x * 2");
    await vs.eval((vscode) => vscode.window.activeTextEditor!.document.save());
    await rowIn("uses-double.nnet", "passed").waitFor();
  });
});
