// The panel for who does not see it, sees it badly, or has no mouse: axe finds nothing in any state and theme; everything is
// reached, seen and left by keyboard; what the diagram shows can be heard.

import axe from "axe-core";
import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";
import { type ThemeName, themes } from "./support/themes";

let vs: VSCode;
let panel: FrameLocator;

const broken = "network Broken(x: [4]) {\n  return x -> Dense(8) as h -> Conv2D(3, 3) -> Dense(2)\n}\n";

const failing = `data Points = Spiral(samples: 300)

network Failing(point: [2]) {
  return point -> Dense(16) -> ReLU -> Dense(3) -> Softmax
}

train Failing on Points {
  loss: CrossEntropy
  optimizer: SGD(rate: 1e30)
  batch: 32
  epochs: 20
  seed: 1
}
`;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1500, height: 1000 },
    bare: true,
    settings: { "workbench.reduceMotion": "off" },
    files: { "empty.nnet": "# Nothing yet.\n", "broken.nnet": broken, "failing.nnet": failing },
  });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

/** The file with its diagram, and nothing else. */
async function open(file: string): Promise<void> {
  await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  await vs.openFile(file);
  await vs.command("nnet: Open Diagram");
  await panel.locator(".react-flow__node, .notice").first().waitFor();
}

const button = (name: string): Locator => panel.getByRole("button", { name, exact: true });
const tab = (name: string): Locator => panel.getByRole("tab", { name, exact: true });
const node = (id: string): Locator => panel.locator(`.react-flow__node[data-id="${id}"]`);

// ——— axe ———

/** Level A and AA of WCAG 2.0, 2.1 and 2.2. */
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** A node's numbers are no label: what labels it, a test of its own finds in its name. */
const withoutNodes = { id: "label-content-name-mismatch", selector: ":not(.react-flow__node)" };

/** What axe finds in the panel, one line for each element. */
async function violations(): Promise<readonly string[]> {
  const frame = await (await panel.locator("body").elementHandle())?.ownerFrame();
  if (!frame) throw new Error("The panel is gone.");
  await frame.evaluate(`${axe.source}; undefined`);
  const { violations: found } = await frame.evaluate(
    async ({ values, rule }) => {
      const { axe: here } = globalThis as unknown as { axe: typeof axe };
      here.configure({ rules: [rule] });
      return await here.run(document, {
        iframes: false,
        runOnly: { type: "tag", values },
        resultTypes: ["violations"],
      });
    },
    { values: levels, rule: withoutNodes },
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(" ")}: ${failureSummary}`),
  );
}

async function expectNoViolations(): Promise<void> {
  const found: { [T in ThemeName]?: readonly string[] } = {};
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await vs.setTheme(theme);
    // The panel gets the colors of a theme in a message of their own.
    await panel.locator(`body[data-vscode-theme-kind="${themes[theme].webviewKind}"]`).waitFor();
    const lines = await violations();
    if (lines.length > 0) found[theme] = lines;
  }
  await vs.setTheme("dark");
  expect(found).toEqual({});
}

describe("axe finds nothing in any theme", () => {
  test("where there is no network", async () => {
    await open("empty.nnet");
    await expectNoViolations();
  });

  test("where the text has errors", async () => {
    await open("broken.nnet");
    await panel.locator(".banner-warning").waitFor();
    await expectNoViolations();
  });

  test("with blocks, open and collapsed", async () => {
    await open("blocks.nnet");
    await expectNoViolations();
    await node("first").press("c");
    await panel.locator(".node-block").waitFor();
    await expectNoViolations();
  });

  test("before a training", async () => {
    await open("digits.nnet");
    await button("Show inspector").click();
    await node("a1").click();
    await expectNoViolations();
  });

  test("after a training, in the inspector", async () => {
    await vs.command("nnet: Train");
    await vs.statusBarItem(/finished/).waitFor();
    await panel.locator(".health-badge").first().waitFor();
    await expectNoViolations();
    await node("h1").click();
    await panel.getByText("Size of an update beside its weights").waitFor();
    await expectNoViolations();
  });

  for (const name of ["Loss", "Learning rate", "Gradients", "Confusion", "Predictions"])
    test(`in the tab ${name}, as a picture and as a table`, async () => {
      await tab(name).click();
      await panel.locator(".dashboard :is(canvas, .confusion)").first().waitFor();
      await expectNoViolations();
      await button("Show as table").click();
      await panel.locator(".dashboard").getByRole("table").first().waitFor();
      await expectNoViolations();
      await button("Show as chart").click();
    });

  test("looking back", async () => {
    await panel.getByRole("slider", { name: "Recorded step" }).press("Home");
    await panel.locator(".time.is-past").waitFor();
    await expectNoViolations();
    await button("Live").click();
  });

  test("where the text has changed since", async () => {
    await replaceInText("hidden: int = 64", "hidden: int = 32");
    await panel.locator(".node.is-stale").first().waitFor();
    await expectNoViolations();
    await replaceInText("hidden: int = 32", "hidden: int = 64");
  });

  test("in the palette", async () => {
    await button("Hide inspector").click();
    await button("Show palette").click();
    await panel
      .getByRole("option", { name: /^Dense/ })
      .first()
      .waitFor();
    await expectNoViolations();
    await button("Hide palette").click();
  });

  test("in the small editors of arguments and names", async () => {
    await node("h1").press("Enter");
    await panel.getByRole("dialog").locator("input").first().waitFor();
    await expectNoViolations();
    await vs.page.keyboard.press("Escape");
    await node("h1").press("F2");
    await panel.getByRole("dialog").locator("input").first().waitFor();
    await expectNoViolations();
    await vs.page.keyboard.press("Escape");
  });

  test("in the menus", async () => {
    await node("h1").click({ button: "right" });
    await panel.getByRole("menu", { name: "Diagram" }).waitFor();
    await expectNoViolations();
    await vs.page.keyboard.press("Escape");
    await button("More actions").click();
    await panel.getByRole("menu", { name: "More actions" }).waitFor();
    await expectNoViolations();
    await vs.page.keyboard.press("Escape");
  });

  test("in what an edit says", async () => {
    await node("a1").press("Enter");
    await panel.locator(".edit-message").waitFor();
    await expectNoViolations();
    await panel.getByRole("button", { name: "Close the message" }).click();
  });

  test("where a training has failed", async () => {
    await open("failing.nnet");
    await vs.command("nnet: Train");
    await panel.locator(".banner-error").waitFor();
    await expectNoViolations();
  });
});

/** Of the file that is open beside the panel, and saves it: a question about it would be in the way of all that follows. */
async function replaceInText(from: string, to: string): Promise<void> {
  await vs.eval(
    async (vscode, [before, after]) => {
      const { document } = vscode.window.visibleTextEditors[0]!;
      const start = document.getText().indexOf(before);
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, range, after);
      await vscode.workspace.applyEdit(edit);
      await document.save();
    },
    [from, to] as const,
  );
}

describe("the diagram is a list", () => {
  test("of its nodes in reading order, each with kind, name, what it is and its shape", async () => {
    await open("xor.nnet");
    const list = panel.getByRole("listbox", { name: "Xor: 6 nodes" });
    const options = (attribute: string) =>
      list.getByRole("option").evaluateAll((found, name) => found.map((each) => each.getAttribute(name)), attribute);
    await expect
      .poll(() => options("aria-label"))
      .toEqual([
        "input bits, shape 2",
        "layer h, Dense(8), shape 8, 24 parameters, from bits",
        "layer a, Tanh, shape 8, from h",
        "layer logit, Dense(1), shape 1, 9 parameters, from a",
        "layer Sigmoid, shape 1, from logit",
        "output, returns Sigmoid",
      ]);
    expect(await options("aria-posinset")).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  test("whose names have the words that label them on the screen", async () => {
    for (const option of await panel.locator(".react-flow__node").all()) {
      const words = await option.locator(".node-heading, .node-detail").allInnerTexts();
      const name = (await option.getAttribute("aria-label")) ?? "";
      for (const word of words) expect(name).toContain(word);
    }
  });

  test("that is one stop for Tab; arrow keys, Home and End go through it", async () => {
    const stops = panel.locator('.react-flow__node[tabindex="0"]');
    await expect.poll(() => stops.count()).toBe(1);
    await node("h").focus();
    await vs.page.keyboard.press("End");
    await vs.page.keyboard.press("Home");
    await vs.page.keyboard.press("ArrowDown");
    await vs.page.keyboard.press("ArrowDown");
    await expect.poll(focused).toBe("node a");
    await expect.poll(() => stops.count()).toBe(1);
    await expect.poll(() => stops.getAttribute("data-id")).toBe("a");
  });

  test("whose nodes are described by the numbers of a training", async () => {
    await vs.command("nnet: Train");
    await vs.statusBarItem(/finished/).waitFor();
    await vs.eventually(
      () => described("h"),
      (text) => /^Mean -?[\d.e-]+, standard deviation [\d.e-]+, \d+% zero\. Gradient norm [\d.e-]+\.$/.test(text),
      "The node does not say its numbers",
    );
  });

  test("where an edit and a selection of several are said", async () => {
    const status = panel.locator(".diagram [role=status]");
    await node("h").focus();
    await vs.page.keyboard.press("Shift+ArrowDown");
    await status.getByText("2 nodes selected.").waitFor({ state: "attached" });
    await node("a").press("ArrowUp");
    await node("a").focus();
    await vs.page.keyboard.press("Home");
    await vs.page.keyboard.press("ArrowDown");
    await vs.page.keyboard.press("ArrowDown");
    await vs.page.keyboard.press("Delete");
    await status.getByText("a removed.").waitFor({ state: "attached" });
    await vs.page.keyboard.press("Control+z");
    await status.getByText("a added.").waitFor({ state: "attached" });
  });
});

function described(id: string): Promise<string> {
  return node(id).evaluate((element) => {
    const by = element.getAttribute("aria-describedby");
    return (by === null ? undefined : document.getElementById(by)?.textContent) ?? "";
  });
}

describe("by keyboard", () => {
  test("Tab goes through toolbar, diagram, inspector, tabs and slider, and what has the keyboard is always seen", async () => {
    await button("Show inspector").click();
    await node("h").click();
    await panel.getByText("Size of an update beside its weights").waitFor();
    await button("Train").focus();
    // By key, not by us: only then the browser shows it.
    await vs.page.keyboard.press("Tab");
    await vs.page.keyboard.press("Shift+Tab");
    const parts: string[] = [];
    const unseen: string[] = [];
    for (let stop = 0; stop < 60 && parts.at(-1) !== "time"; stop++) {
      const { part, name, seen } = await panel.locator("body").evaluate(keyboardPlace);
      if (part !== parts.at(-1)) parts.push(part);
      if (!seen) unseen.push(name);
      await vs.page.keyboard.press("Tab");
    }
    expect(parts.filter((part) => part !== "split-bar")).toEqual([
      "toolbar",
      "network-header",
      "diagram",
      "inspector",
      "dashboard",
      "time",
    ]);
    expect(unseen).toEqual([]);
  });

  test("Escape leads back to the node from inspector, tabs and slider", async () => {
    for (const from of [button("Close inspector"), tab("Loss"), panel.getByRole("slider", { name: "Recorded step" })]) {
      await from.focus();
      await vs.page.keyboard.press("Escape");
      await expect.poll(focused).toBe("node h");
    }
  });

  test("a narrow panel keeps its toolbar; the menu has what has no room there", async () => {
    await button("Hide inspector").click();
    await vs.page.setViewportSize({ width: 700, height: 1000 });
    await button("Zoom out").waitFor({ state: "detached" });
    const [menu, train] = [await button("More actions").boundingBox(), await button("Train").boundingBox()];
    expect(Math.abs(menu!.y - train!.y)).toBeLessThan(10);
    await button("More actions").focus();
    await vs.page.keyboard.press("Enter");
    const items = panel.getByRole("menu", { name: "More actions" }).getByRole("menuitem");
    await items.first().waitFor();
    const titles = await items.allInnerTexts();
    expect(titles).toEqual(expect.arrayContaining(["Zoom out", "Export Diagram as SVG…", "Export Diagram as PNG…"]));
    await vs.page.keyboard.press("Escape");
    await expect.poll(focused).toBe("More actions");
    await vs.page.keyboard.press("ArrowLeft");
    await expect.poll(focused).toBe("Show inspector");
    await vs.page.setViewportSize({ width: 1500, height: 1000 });
  });
});

/** The node or control that has the keyboard. */
function focused(): Promise<string> {
  return panel.locator("body").evaluate(() => {
    const element = document.activeElement;
    const id =
      element instanceof HTMLElement ? element.closest<HTMLElement>(".react-flow__node")?.dataset.id : undefined;
    return id === undefined ? (element?.getAttribute("aria-label") ?? "nothing") : `node ${id}`;
  });
}

/** In which part of the panel the keyboard is, and whether the theme's color for that is to be seen there. */
function keyboardPlace(): { part: string; name: string; seen: boolean } {
  const element = document.activeElement ?? document.body;
  const parts = ["toolbar", "network-header", "split-bar", "inspector", "dashboard", "time", "diagram"];
  const part = parts.find((each) => element.closest(`.${each}`)) ?? "nowhere";
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = "var(--vscode-focusBorder)";
  const color = getComputedStyle(probe).color;
  probe.remove();
  // Custom elements draw inside of themselves.
  const within = (root: Element): Element[] => [
    root,
    ...[...(root.shadowRoot?.querySelectorAll("*") ?? []), ...root.querySelectorAll("*")],
  ];
  const seen = within(element).some((each) => {
    const style = getComputedStyle(each);
    const isOutlined = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
    return (
      (isOutlined && style.outlineColor === color) ||
      style.borderTopColor === color ||
      getComputedStyle(each, "::after").backgroundColor === color
    );
  });
  return { part, name: `${element.tagName} ${element.className} ${element.getAttribute("aria-label") ?? ""}`, seen };
}

describe("where less motion is wanted", () => {
  test("nothing moves, not even while a step is made", async () => {
    await vs.page.emulateMedia({ reducedMotion: "reduce" });
    await vs.command("nnet: Step");
    await panel.locator(".diagram[class*=pulse-]").waitFor();
    const moving = await panel
      .locator("body")
      .evaluate(() => document.getAnimations().map(({ id, playState }) => `${id} ${playState}`));
    expect(moving).toEqual([]);
    await vs.page.emulateMedia({ reducedMotion: null });
  });
});
