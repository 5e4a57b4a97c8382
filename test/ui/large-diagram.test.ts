// A diagram of so many nodes that only those in view are in the page: the keyboard reaches all of them, and each has its numbers.

import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const layers = 400;

/** The first two are named, so are the last two. */
const deep = `data Points = Moons(samples: 60, noise: 0.1, seed: 1)

network Deep(point: [2]) {
  return point
    -> Dense(2) as first
    -> ReLU as second
${"    -> Tanh\n".repeat(layers)}    -> Dense(2) as scores
    -> Softmax as shares
}

train Deep on Points {
  loss: CrossEntropy
  optimizer: SGD(rate: 0.1)
  batch: 30
  epochs: 2
  seed: 1
}
`;

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1500, height: 950 }, files: { "deep.nnet": deep } });
  panel = vs.webview();
  await vs.openFile("deep.nnet");
  await vs.command("nnet: Open Diagram");
  await node("first").waitFor();
});
afterAll(async () => {
  await vs?.close();
});

const node = (id: string): Locator => panel.locator(`.react-flow__node[data-id="${id}"]`);
const header = (): Locator => panel.locator(".network-header").getByRole("button").last();

test("only what is in view is in the page", async () => {
  await expect.poll(() => panel.locator(".react-flow__node").count()).toBeLessThan(layers / 4);
  await expect.poll(() => node("shares").count()).toBe(0);
});

test("Tab comes to one node, and leads on from it", async () => {
  await click("point");
  await header().focus();
  await press("Tab", "point");
  await press("Tab", "elsewhere");
  await press("Shift+Tab", "point");
  await vs.page.keyboard.press("Shift+Tab");
  await expect.poll(() => header().evaluate((button) => button === document.activeElement)).toBe(true);
});

test("arrow keys, Home and End lead to nodes that were not drawn, and bring them into view", async () => {
  await press("Tab", "point");
  await press("ArrowDown", "first");
  await press("ArrowDown", "second");
  for (let layer = 1; layer <= 40; layer++) await press("ArrowDown", `Tanh#${layer}`);
  await expect.poll(() => node("first").count()).toBe(0);
  await press("End", "output:output");
  await press("ArrowUp", "shares");
  await press("ArrowUp", "scores");
  await press("ArrowUp", `Tanh#${layers}`);
  await press("Home", "point");
  await press("ArrowDown", "first");
});

test("Tab comes back to the selected node when it has gone out of view", async () => {
  await press("End", "output:output");
  await press("ArrowUp", "shares");
  await press("Tab", "elsewhere");
  const { x, y, width, height } = (await panel.locator(".diagram").boundingBox())!;
  await vs.page.mouse.move(x + width / 2, y + height / 2);
  await vs.page.mouse.wheel(0, -3000);
  await node("shares").waitFor({ state: "detached" });
  await header().focus();
  await press("Tab", "shares");
});

test("Escape leads back from the tabs to the selected node", async () => {
  const tab = panel.getByRole("tab", { name: "Loss", exact: true });
  await tab.focus();
  await press("Escape", "shares");
});

test("the selected node stays where it is when nodes grow for their numbers", async () => {
  await press("End", "output:output");
  await press("ArrowUp", "shares");
  const place = async () => {
    const { x, y, width } = (await node("shares").boundingBox())!;
    return { middle: Math.round(x + width / 2), top: Math.round(y) };
  };
  const before = await place();
  await vs.command("nnet: Step");
  await expect.poll(() => node("shares").innerText()).toContain("μ");
  await expect.poll(place).toEqual(before);
  await vs.command("nnet: Reset Weights");
  await expect.poll(() => node("shares").innerText()).not.toContain("μ");
  await expect.poll(place).toEqual(before);
  await click("shares");
});

test("nodes have their numbers when they come into view, before and after the training is over", async () => {
  await press("Home", "point");
  await press("ArrowDown", "first");
  await vs.command("nnet: Step");
  await vs.statusBarItem("Deep paused").waitFor();
  // Nodes have grown for their numbers.
  await expect.poll(() => node("first").innerText()).toMatch(/μ -?\d.*‖∇‖ \d/s);
  await click("first");
  await press("End", "output:output");
  await press("ArrowUp", "shares");
  await expect.poll(() => node("shares").innerText()).toMatch(/μ 0\.5.*‖∇‖ \d/s);
  await vs.command("nnet: Train");
  await vs.statusBarItem("Deep finished").waitFor();
  await click("shares");
  await press("Home", "point");
  await press("ArrowDown", "first");
  await expect.poll(() => node("first").innerText()).toMatch(/μ -?\d.*‖∇‖ \d/s);
});

/** The keyboard is in the panel then, whoever had it. */
async function click(id: string): Promise<void> {
  await node(id).click();
  await expect.poll(keyboardPlace).toBe(id);
}

/** Until the node of this id has the keyboard and all of it is on the screen, or the keyboard is outside of the nodes. */
async function press(key: string, leadsTo: string): Promise<void> {
  await vs.page.keyboard.press(key);
  await expect.poll(keyboardPlace).toBe(leadsTo);
}

function keyboardPlace(): Promise<string> {
  return panel.locator("body").evaluate(() => {
    const element = document.activeElement?.closest<HTMLElement>(".react-flow__nodes, .react-flow__node");
    const id = element?.dataset.id;
    if (!element) return "elsewhere";
    if (id === undefined) return "the list";
    const [box, view] = [element, document.querySelector(".diagram")!].map((each) => each.getBoundingClientRect());
    const isInView =
      box!.left >= view!.left - 1 &&
      box!.right <= view!.right + 1 &&
      box!.top >= view!.top - 1 &&
      box!.bottom <= view!.bottom + 1;
    return isInView ? id : `${id}, out of view`;
  });
}
