// Wrong input in a real VS Code: each mistake is told in the Problems panel, everything else in the file keeps its hints,
// and nothing hangs.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const program = (changes: Readonly<Record<string, string>> = {}): string => {
  const text = `data Points = Csv("points.csv", target: "label")

network Before(x: [3]) {
  return x -> Dense(5) as before
}

network Reader(measures: [2]) {
  return measures
    -> Dense(8) as hidden
    -> ReLU
    -> Dense(2)
    -> Softmax
}

network After(x: [3]) {
  return x -> Dense(7) as after
}

train Reader on Points { loss: CrossEntropy optimizer: Adam(rate: 0.01) epochs: 3 }
`;
  return Object.entries(changes).reduce((changed, [from, to]) => changed.replace(from, to), text);
};

const points = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n";

const files: Readonly<Record<string, string>> = {
  "points.csv": points,
  "ragged.csv": points.replace("3,4,y", "3,4,5,y"),
  "missing.nnet": program({ "points.csv": "late.csv" }),
  "ragged.nnet": program({ "points.csv": "ragged.csv" }),
  "negative.nnet": program({ "Dense(8)": "Dense(-1)" }),
  "unfinished.nnet": program({ "return x -> Dense(7) as after": "return x -> Dense(" }),
  "cycle.nnet": program({ "  return measures": "  a = b + 1\n  b = a + 1\n  return measures" }),
  "noise.nnet": noise(10 * 1024 * 1024),
};

/** Lines of everything a keyboard can type. */
function noise(length: number): string {
  const characters = "abcdefghijklmnopqrstuvwxyz0123456789 (){}[]:,->=+*/@^.#\"'ąя中";
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647; // Park & Miller 1988
    return state / 2147483647;
  };
  const line = (): string =>
    Array.from({ length: 79 }, () => characters[Math.floor(random() * characters.length)]).join("");
  return Array.from({ length: Math.ceil(length / 80) }, line).join("\n");
}

let folder: string;
let vs: VSCode;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "nnet-wrong-"));
  for (const [name, content] of Object.entries(files)) write(folder, name, content);
  vs = await openVSCode({ folder, viewport: { width: 1200, height: 900 } });
  await vs.command("Problems: Focus on Problems View");
});
afterAll(async () => {
  await vs?.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(where: string, name: string, content: string): void {
  writeFileSync(path.join(where, name), content);
}

/** In an editor; the Problems panel shows what is wrong with this file only. */
async function open(name: string): Promise<void> {
  await vs.page.locator(".part.panel .viewpane-filter input").fill(name);
  await vs.openFile(name);
}

const problem = (text: string | RegExp) =>
  vs.page.locator(".markers-panel .monaco-list-row").filter({ hasText: text }).first();

/** The shapes that stand on the lines of the networks that nothing is wrong with. */
async function expectHints(...shapes: readonly string[]): Promise<void> {
  for (const shape of shapes) await vs.lineLocator(shape).waitFor();
}

test("a missing CSV is named with its folder, the shapes stay, and the problem goes when the file comes", async () => {
  await open("missing.nnet");
  await problem(/there is no file late\.csv/).waitFor();
  await expectHints("as before[5]", "as hidden[8]", "as after[7]");
  write(vs.workspace, "late.csv", points);
  await problem(/no file late\.csv/).waitFor({ state: "detached" });
});

test("training with a missing CSV says so once", async () => {
  rmSync(path.join(vs.workspace, "late.csv"));
  await open("missing.nnet");
  await problem(/there is no file late\.csv/).waitFor();
  await vs.command("nnet: Train");
  await vs.notification(/late\.csv/).waitFor();
  await vs.page.waitForTimeout(300);
  expect(await vs.page.locator(".notification-toast:visible").count()).toBe(1);
  await vs.command("Notifications: Clear All Notifications");
});

test("a ragged row is named, and the problem goes when the row is mended", async () => {
  await open("ragged.nnet");
  await problem(/ragged\.csv: row 3 has 4 columns/).waitFor();
  await expectHints("as before[5]", "as hidden[8]", "as after[7]");
  write(vs.workspace, "ragged.csv", points);
  await problem(/ragged\.csv: row/).waitFor({ state: "detached" });
});

test("a negative number of units is refused, and the other networks keep their shapes", async () => {
  await open("negative.nnet");
  await problem(/units must be at least 1; -1 was given/).waitFor();
  await expectHints("as before[5]", "as after[7]");
});

test("an unfinished line is told, and what stands before it keeps its shapes", async () => {
  await open("unfinished.nnet");
  await problem(/Expected a value after "\("/).waitFor();
  await expectHints("as before[5]", "as hidden[8]");
});

test("a network with a cycle is shown its way round, and the other networks keep their shapes", async () => {
  await open("cycle.nnet");
  await problem(/a value cannot be computed from itself/).waitFor();
  await expectHints("as before[5]", "as hidden[8]", "as after[7]");
});

test("10 MB of noise are refused as too long, typing in them goes on, and the next file has its shapes", async () => {
  await open("noise.nnet");
  await problem(/This file has 10,\d{3},\d{3} characters; nnet reads files of up to 2,000,000/).waitFor();
  await vs.page.locator(".part.editor .view-line").first().click();
  for (let count = 1; count <= 10; count++) {
    await vs.type("ö");
    await vs.lineLocator("ö".repeat(count)).waitFor();
  }
  await open("negative.nnet");
  await expectHints("as before[5]", "as after[7]");
});
