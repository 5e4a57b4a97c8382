// Formatting, folding, outline, breadcrumbs and new networks as a person uses them, by keyboard.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode();
});
afterAll(async () => {
  await vs?.close();
});

/** VS Code's own key. */
const formatDocument = process.platform === "linux" ? "Control+Shift+I" : "Shift+Alt+F";

const messy = `data Points=Spiral(classes:3)
network Small(x:[2]){
return x->Dense(8)as h->ReLU->Dense(3)as logits->Softmax # four stages
}
`;

async function textOf(): Promise<string> {
  return await vs.eval((vscode) => vscode.window.activeTextEditor?.document.getText() ?? "");
}

/** Presses keys again until the text is as wanted: a busy window may still be loading its providers. */
async function until(wanted: (text: string) => boolean, act: () => Promise<void>, what: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    await act();
    for (let wait = 0; wait < 20; wait++) {
      const text = await textOf();
      if (wanted(text)) return text;
      await vs.page.waitForTimeout(100);
    }
    if (Date.now() > deadline) throw new Error(`${what}:\n${await textOf()}\n${vs.logs()}`);
  }
}

describe("the editor knows the syntax", () => {
  test("one key formats the document", async () => {
    writeFileSync(path.join(vs.workspace, "messy.nnet"), messy);
    await vs.openFile("messy.nnet");
    await vs.lineLocator("network Small").click();
    const text = await until(
      (shown) => shown.includes("  return x\n"),
      () => vs.press(formatDocument),
      "The document is not formatted",
    );
    expect(text).toBe(`data Points = Spiral(classes: 3)

network Small(x: [2]) {
  return x
    -> Dense(8) as h
    -> ReLU
    -> Dense(3) as logits
    -> Softmax # four stages
}
`);
  });

  test("the breadcrumbs name the place of the cursor", async () => {
    await vs.reveal("Dense(8)");
    const crumbs = vs.page.locator(".part.editor .breadcrumbs-control");
    await crumbs.getByText("Small").waitFor();
    await crumbs.getByText("h", { exact: true }).waitFor();
  });

  test("the outline lists a network with its values and their shapes", async () => {
    await vs.command("Explorer: Focus on Outline View");
    const outline = vs.page.locator(".outline-tree");
    await outline.getByText("Small").waitFor();
    await outline.getByText("Points").waitFor();
    await outline.getByText("[2] → [3]").waitFor();
  });

  test("a body folds to its first line", async () => {
    await vs.reveal("return x");
    await vs.command("Fold All");
    await vs.lineLocator("-> Softmax").waitFor({ state: "detached" });
    expect(await vs.editorText()).toContain("network Small");
    await vs.command("Unfold All");
    await vs.lineLocator("-> Softmax").waitFor();
  });

  test("New Network opens a file from a template", async () => {
    await vs.command("nnet: New Network");
    await vs.page.locator(".quick-input-widget:visible").getByText("Regression").click();
    await vs.lineLocator("network Curve").waitFor();
    const language = await vs.eval((vscode) => vscode.window.activeTextEditor?.document.languageId);
    expect(language).toBe("nnet");
  });

  test("the template for a table writes the table beside its file", async () => {
    await vs.openFile("messy.nnet");
    await vs.command("nnet: New Network");
    await vs.page.locator(".quick-input-widget:visible").getByText("Classifier of a Table").click();
    await vs.lineLocator('Csv("flowers.csv"').waitFor();
    const problems = await vs.eval((vscode) => {
      const uri = vscode.window.activeTextEditor!.document.uri;
      return vscode.languages.getDiagnostics(uri).map(({ message }) => message);
    });
    expect(problems).toEqual([]);
  });
});
