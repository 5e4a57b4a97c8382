// Writing a network as a person does: completion, signature help, going to a definition, renaming, taking it back.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

const source = `network Small(x: [4], hidden: int = 8) {
  y = x -> Dense(hidden) as h1 -> ReLU
  return y
}

check "all zeros" on Small(x: [0, 0, 0, 0]) {
  given h1.b = 0
  expect h1 == 0
}
`;

/** Completion opens while one types, as it does for users. */
const settings = { "editor.quickSuggestions": { other: "on", comments: "off", strings: "off" } };

const library = "block Part(x: [4]) {\n  return x -> ReLU\n}\n";
const user = 'import "parts/library.nnet"\nnetwork Whole(x: [4]) {\n  return x -> Part\n}\n';
const flowers = 'data Flowers = Csv("data/iris.csv", target: "")\n';

beforeAll(async () => {
  const files = { "small.nnet": source, "parts/library.nnet": library, "user.nnet": user, "flowers.nnet": flowers };
  vs = await openVSCode({ viewport: { width: 1300, height: 850 }, settings, files });
  await vs.openFile("small.nnet");
});
afterAll(async () => {
  await vs?.close();
});

const text = () => vs.eval((vscode) => vscode.window.activeTextEditor?.document.getText() ?? "");
const wordAtCursor = () =>
  vs.eval((vscode) => {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return "";
    const { document, selection } = editor;
    const word = document.getWordRangeAtPosition(selection.active);
    return `${selection.active.line + 1}: ${word ? document.getText(word) : ""}`;
  });

const suggestions = () => vs.page.locator(".suggest-widget.visible");
const row = (label: string) => suggestions().locator(`.monaco-list-row[aria-label^="${label}"]`).first();

describe("writing a network", () => {
  test("a stage that has begun proposes its layer with documentation", async () => {
    await vs.reveal("h1 -> ReLU", "h1 -> ReLU".length);
    await vs.type(" -> De");
    await row("Dense").waitFor();
    // The documentation shows when asked for, and stays from then on.
    await vs.press("Control+Space");
    const details = vs.page
      .locator(".suggest-details-container, .suggest-details")
      .filter({ hasText: "Fully connected" });
    await details.first().waitFor();
    expect(await details.first().innerText()).toMatch(/units[\s\S]*bias/);
    await vs.screenshot("out/screenshots/completion.png");
  });

  test("accepting it writes a place for the units and shows what the call takes", async () => {
    await vs.page.keyboard.press("Enter");
    await vs.page.keyboard.type("3");
    await expect.poll(text).toContain("-> ReLU -> Dense(3)\n");
    const help = vs.page.locator(".parameter-hints-widget.visible");
    await help.waitFor();
    const signature = async () => (await help.innerText()).replaceAll("\u00a0", " ");
    await expect.poll(signature).toContain("Dense(units, bias: true");
    await expect.poll(() => help.locator(".parameter.active").first().innerText()).toBe("units");
    await vs.screenshot("out/screenshots/signature.png");
    await vs.page.keyboard.press("Escape");
    await vs.page.keyboard.press("Escape");
  });

  test("F12 jumps from a check to the stage", async () => {
    await vs.reveal("h1 == 0");
    await vs.press("F12");
    await expect.poll(wordAtCursor).toBe("2: h1");
  });

  test("F2 renames a stage everywhere, and undo takes it back", async () => {
    const before = await text();
    await vs.reveal("h1 == 0");
    await vs.press("F2");
    const box = vs.page.locator(".rename-box input.rename-input");
    await box.waitFor();
    await box.fill("hiddenLayer");
    await vs.page.keyboard.press("Enter");
    await expect.poll(text).toBe(before.replaceAll("h1", "hiddenLayer"));
    await vs.press("Control+z");
    await expect.poll(text).toBe(before);
  });

  test("F2 on a layer says why it cannot be renamed", async () => {
    await vs.reveal("ReLU");
    await vs.press("F2");
    const message = vs.page
      .locator(".monaco-editor-overlaymessage, .notification-toast")
      .filter({ hasText: "ReLU is a layer of the language" });
    await message.first().waitFor();
    await vs.page.keyboard.press("Escape");
  });

  test("a name that is taken is refused with the clash", async () => {
    const before = await text();
    await vs.reveal("y\n}");
    await vs.press("F2");
    const box = vs.page.locator(".rename-box input.rename-input");
    await box.waitFor();
    await box.fill("h1");
    await vs.page.keyboard.press("Enter");
    await vs.notification("h1 is already the name of a value, in line 2.").waitFor();
    expect(await text()).toBe(before);
  });
});

describe("several files", () => {
  test("a block is renamed in the file that declares it and in the closed one that uses it", async () => {
    await vs.openFile("parts/library.nnet");
    await vs.reveal("Part");
    const edits = await vs.eval(async (vscode) => {
      const { document, selection } = vscode.window.activeTextEditor!;
      const rename = "vscode.executeDocumentRenameProvider";
      const edit = await vscode.commands.executeCommand<import("vscode").WorkspaceEdit>(
        rename,
        document.uri,
        selection.active,
        "Piece",
      );
      return edit
        .entries()
        .map(([uri, list]) => [
          uri.path.split("/").at(-1),
          ...list.map(({ range, newText }) => `${range.start.line + 1}:${range.start.character + 1} ${newText}`),
        ]);
    });
    expect(edits.sort()).toEqual([
      ["library.nnet", "1:7 Piece"],
      ["user.nnet", "3:15 Piece"],
    ]);
  });

  test("F12 goes from a use to the other file", async () => {
    await vs.openFile("user.nnet");
    await vs.reveal("Part\n");
    await vs.press("F12");
    const where = () => vs.eval((vscode) => vscode.window.activeTextEditor?.document.uri.path.split("/").at(-1));
    await expect.poll(where).toBe("library.nnet");
  });

  test("the columns of a table are proposed for its target", async () => {
    await vs.openFile("flowers.nnet");
    await vs.reveal('""', 1);
    await vs.press("Control+Space");
    await row("sepal_length").waitFor();
    await vs.screenshot("out/screenshots/columns.png");
    await vs.page.keyboard.press("Escape");
  });
});
