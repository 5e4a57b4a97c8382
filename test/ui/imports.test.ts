// Files that use each other, in the real VS Code: what an imported file says is seen where it is used.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const blocks = (units: number) => `block Halve(x) {\n  return x -> Dense(${units}) -> ReLU\n}\n`;
const user = `import "parts.nnet"

network Small(x: [8]) {
  return x
    -> Halve as h
    -> Dense(2) as y
}
`;

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ files: { "parts.nnet": blocks(4), "user.nnet": user } });
});
afterAll(async () => {
  await vs?.close();
});

/** Waits until the editor shows it: a hint follows the file that it comes from. */
async function shows(pattern: RegExp): Promise<void> {
  await expect.poll(() => vs.editorText()).toMatch(pattern);
}

const problems = () =>
  vs.eval((vscode) =>
    vscode.languages
      .getDiagnostics(vscode.window.activeTextEditor!.document.uri)
      .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
      .map(({ message }) => message),
  );

test("the shape of an imported block stands where it is used", async () => {
  await vs.openFile("user.nnet");
  await shows(/Halve as h\s*\[4\]/);
  expect(await problems()).toEqual([]);
});

test("a change of the imported file on disk changes the shape", async () => {
  writeFileSync(path.join(vs.workspace, "parts.nnet"), blocks(3));
  await shows(/Halve as h\s*\[3\]/);
});

test("an error in the imported file is told at the import, and goes when it is mended", async () => {
  writeFileSync(path.join(vs.workspace, "parts.nnet"), blocks(3).replace("ReLU", "RELU"));
  await expect.poll(problems).toEqual([expect.stringContaining("parts.nnet")]);
  writeFileSync(path.join(vs.workspace, "parts.nnet"), blocks(3));
  await expect.poll(problems).toEqual([]);
});
