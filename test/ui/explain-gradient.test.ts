// A gradient explained as a person meets it: the hover with its formula and numbers, the check, the way along the chain.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { NnetApi } from "../../extension/host/activate";
import { openVSCode, type VSCode } from "./fixture";

const text = `# Three units.
data Truth = Table(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0])

network Small(x: [2]) {
  return x
    -> Dense(3) as hidden
    -> ReLU as active
    -> Dense(1) as logit
    -> Sigmoid as p
}

train Small on Truth { loss: BinaryCrossEntropy optimizer: SGD(rate: 0.5) batch: 4 epochs: 30 seed: 1 }
`;

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1500, height: 950 }, files: { "small.nnet": text } });
  await vs.openFile("small.nnet");
});
afterAll(async () => {
  await vs?.close();
});

/** The elements of a gradient in the newest Snapshot. */
async function gradientOf(id: string): Promise<readonly number[]> {
  return await vs.eval((vscode, id) => {
    const { exports } = vscode.extensions.getExtension<NnetApi>("nnet.nnet")!;
    const { uri } = vscode.window.visibleTextEditors[0]!.document;
    return exports.session(uri)!.snapshot!.quantities[id]!.gradient!.elements!;
  }, id);
}

/** The subject and the number of a line such as `∂L/∂h[0][2] = -0.12`. */
function subjectIn(shown: string): {
  readonly name: string;
  readonly element: readonly number[];
  readonly number: number;
} {
  const [, name, indices, number] = /(∂L\/∂[\w.]+)((?:\[\d+\])*) = (-?[\d.e-]+)/.exec(shown) ?? [];
  if (name === undefined) throw new Error(`No gradient is told in ${shown}`);
  return { name, element: [...indices!.matchAll(/\d+/g)].map(Number), number: Number(number) };
}

const heading = () => vs.webview().locator("h1");

test("the hover shows formulas, the numbers of the batch, and a result that is the snapshot's", async () => {
  await vs.command("nnet: Step");
  await expect.poll(() => vs.editorText({ decorations: true })).toContain("∇");
  const hover = await vs.hover({ line: "-> ReLU as active", word: "active" });
  const pictures = hover.locator('img[alt*="partial"]');
  await expect.poll(() => pictures.count()).toBe(2);
  for (const picture of await pictures.all()) {
    const width = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBeGreaterThan(50);
  }
  const { name, element, number } = subjectIn(await hover.innerText());
  expect(name).toBe("∂L/∂active");
  const [row, column] = element as [number, number];
  const gradient = await gradientOf("active");
  const exact = gradient[row * 3 + column]!;
  // The hover has four digits.
  expect(Math.abs(number - exact)).toBeLessThanOrEqual(5e-4 * Math.abs(exact));
  expect(Math.abs(exact)).toBe(Math.max(...gradient.map(Math.abs)));
  // The last line of the formula is the result.
  const alt = await pictures.last().getAttribute("alt");
  expect(alt).toContain(`${element.join(",")}`);
  await vs.screenshot("out/screenshots/explain-hover-dark.png");
});

test("checking the gradient from the hover shows a central difference that agrees", async () => {
  const hover = await vs.hover({ line: "-> ReLU as active", word: "active" });
  await hover.locator("a").filter({ hasText: "Check this gradient now" }).click();
  const difference = vs.webview().locator(".difference");
  await difference.waitFor();
  const [, error] = /relative error ([\d.e-]+)\.$/.exec(await difference.innerText()) ?? [];
  expect(Number(error)).toBeLessThan(1e-6);
  const { number } = subjectIn(await heading().innerText());
  const [, by] = /2ε = (-?[\d.e-]+) with/.exec(await difference.innerText()) ?? [];
  expect(Number(by)).toBeCloseTo(number, 5);
});

test("links lead along the chain, and the editor goes with them", async () => {
  await vs.page.keyboard.press("Escape");
  await vs.page.mouse.move(20, 900);
  await vs.screenshot("out/screenshots/explain-card-dark.png");
  await vs.webview().locator("a", { hasText: "∂L/∂logit" }).click();
  await expect.poll(() => heading().innerText()).toContain("∂L/∂logit");
  await vs
    .webview()
    .locator("a", { hasText: "∂L/∂logit.W" })
    .or(vs.webview().locator("a", { hasText: "∂L/∂active" }))
    .first()
    .click();
  await expect.poll(() => heading().innerText()).toContain("∂L/∂active");
  const selected = () =>
    vs.eval((vscode) => {
      const editor = vscode.window.visibleTextEditors[0]!;
      return editor.document.getText(editor.selection);
    }, undefined);
  await expect.poll(selected).toBe("active");
});

test("the keyboard opens a card from the cursor and follows a link on it", async () => {
  await vs.openFile("small.nnet");
  await vs.reveal("hidden");
  await vs.command("nnet: Explain Gradient");
  await expect.poll(() => heading().innerText()).toContain("∂L/∂hidden");
  const link = vs.webview().locator("a", { hasText: "∂L/∂active" });
  await expect.poll(() => link.evaluate(() => document.hasFocus())).toBe(true);
  for (let press = 0; press < 8; press++) {
    if (await link.evaluate((each) => each === document.activeElement)) break;
    await vs.page.keyboard.press("Tab");
  }
  await vs.page.keyboard.press("Enter");
  await expect.poll(() => heading().innerText()).toContain("∂L/∂active");
});

test("it reads in a light theme as well", async () => {
  await vs.setTheme("light");
  const hover = await vs.hover({ line: "-> Dense(1) as logit", word: "logit" });
  await expect.poll(() => hover.locator('img[alt*="partial"]').count()).toBe(2);
  await vs.screenshot("out/screenshots/explain-hover-light.png");
});

test("numbers of an older text are dimmed and say so", async () => {
  await vs.eval(async (vscode) => {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith("small.nnet"))!;
    const at = editor.document.positionAt(editor.document.getText().indexOf("ReLU"));
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 4)), "Tanh"));
  }, undefined);
  const outdated = vs.webview().locator(".outdated");
  await outdated.waitFor();
  expect(await outdated.innerText()).toContain("The text has changed");
  expect(
    Number(
      await vs
        .webview()
        .locator("main")
        .evaluate((each) => getComputedStyle(each).opacity),
    ),
  ).toBeLessThan(1);
  const hovered = async () => (await vs.hover({ line: "-> Tanh as active", word: "active" })).innerText();
  await expect.poll(hovered).toContain("from before the last edit");
});

test("a link opens the value in the diagram's inspector", async () => {
  await vs.page.keyboard.press("Escape");
  await vs.page.mouse.move(20, 900);
  await vs.webview().locator("a", { hasText: "Open in inspector" }).click();
  const title = vs.webview().locator(".inspector-title");
  await expect.poll(() => title.innerText()).toBe("active");
  await vs.screenshot("out/screenshots/explain-inspector-light.png");
});
