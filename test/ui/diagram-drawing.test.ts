// That edges are drawn at all: for each there is a line on the screen that begins at its one node, and an arrow that ends at
// the other, whichever way the diagram goes, before and after a training.

import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FlowDirection } from "../../engine/protocol/editing";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  // Wide enough for all buttons of the panel.
  vs = await openVSCode({ viewport: { width: 1900, height: 1000 }, bare: true });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

test("a chain has a line from each node to the next, before and after a training", async () => {
  const edges = [
    "pixels→h1:0",
    "h1→a1:0",
    "a1→Dropout#1:0",
    "Dropout#1→h2:0",
    "h2→a2:0",
    "a2→logits:0",
    "logits→Softmax#1:0",
    "Softmax#1→output:output:0",
  ];
  await open("digits.nnet", "pixels");
  await expectLinesBothWays(edges);
  await train("Reader", "h1");
  await expectLinesBothWays(edges);
  await expect.poll(() => panel.locator(".react-flow__edge .route[class*=gradient-]").count()).toBe(edges.length);
});

test("blocks have the lines inside, those around their layers, and those from one to the next, before and after a training", async () => {
  const edges = [
    "point→look#1:0",
    "point→negate#1:0",
    "negate#1→look#2:0",
    "look#1→seen:0",
    "look#2→seen:1",
    ...residual("first", "seen"),
    ...residual("Residual#1", "first/add#1"),
    ...residual("Residual#2", "Residual#1/add#1"),
    "Residual#2/add#1→LayerNorm#1:0",
    "LayerNorm#1→Dense#1:0",
    "Dense#1→Softmax#1:0",
    "Softmax#1→output:output:0",
  ];
  await open("blocks.nnet", "point");
  await expectLinesBothWays(edges);
  await train("Halves", "seen");
  await expectLinesBothWays(edges);
});

test("a block that is drawn as one node has the lines that lead to it and from it", async () => {
  await panel.getByTitle("Collapse first", { exact: true }).click();
  await panel.locator(".node-block").waitFor();
  await expectLinesBothWays([
    "point→look#1:0",
    "point→negate#1:0",
    "negate#1→look#2:0",
    "look#1→seen:0",
    "look#2→seen:1",
    "seen→first:0",
    "first→Residual#1/hidden:0",
    "first→Residual#1/add#1:0",
    ...residual("Residual#1", "first/add#1").slice(1, 4),
    "Residual#1/change→Residual#1/add#1:1",
    ...residual("Residual#2", "Residual#1/add#1"),
    "Residual#2/add#1→LayerNorm#1:0",
    "LayerNorm#1→Dense#1:0",
    "Dense#1→Softmax#1:0",
    "Softmax#1→output:output:0",
  ]);
});

/** The edges of one use of the block: through its layers, and around them to the sum. */
function residual(use: string, from: string): readonly string[] {
  return [
    `${from}→${use}/hidden:0`,
    `${use}/hidden→${use}/ReLU#1:0`,
    `${use}/ReLU#1→${use}/Dropout#1:0`,
    `${use}/Dropout#1→${use}/change:0`,
    `${from}→${use}/add#1:0`,
    `${use}/change→${use}/add#1:1`,
  ];
}

// ——— What a person does ———

const node = (id: string): Locator => panel.locator(`.react-flow__node[data-id="${id}"]`);

/** The file with its diagram, and nothing else. */
async function open(file: string, first: string): Promise<void> {
  await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  await vs.openFile(file);
  await vs.command("nnet: Open Diagram");
  await node(first).waitFor();
}

/** To its end, which this node shows numbers of. */
async function train(network: string, shows: string): Promise<void> {
  await vs.command("nnet: Train");
  await vs.statusBarItem(`${network} finished`).waitFor({ timeout: 60_000 });
  await expect.poll(() => node(shows).innerText()).toContain("μ");
}

// ——— What is on the screen ———

/** Rightwards, and then downwards again. */
async function expectLinesBothWays(edges: readonly string[]): Promise<void> {
  await expectLines(edges, "down");
  await panel.getByRole("button", { name: "Draw rightwards" }).click();
  await expectLines(edges, "right");
  await panel.getByRole("button", { name: "Draw downwards" }).click();
  await expectLines(edges, "down");
}

async function expectLines(edges: readonly string[], direction: FlowDirection): Promise<void> {
  await expect.poll(() => lines(direction)).toEqual(edges.toSorted().map((id) => `${id} is drawn`));
}

function lines(direction: FlowDirection): Promise<readonly string[]> {
  return panel.locator("body").evaluate(linesOnScreen, direction);
}

/** Each edge in the page, with what is wrong with its line. */
function linesOnScreen(body: HTMLElement, direction: FlowDirection): readonly string[] {
  const near = 3; // Pixels: half of a border, and what rounding does.
  const boxes = new Map(
    [...body.querySelectorAll<HTMLElement>(".react-flow__node")].map((element) => [
      element.dataset.id!,
      element.getBoundingClientRect(),
    ]),
  );
  const onScreen = (path: SVGPathElement, along: number): DOMPoint =>
    path.getPointAtLength(along).matrixTransform(path.getScreenCTM()!);
  const touches = (point: DOMPoint, side: "begin" | "end", box: DOMRect | undefined): boolean => {
    if (!box) return false;
    const { left, right, top, bottom } = box;
    const [at, wanted, across, from, to] =
      direction === "down"
        ? [point.y, side === "begin" ? top : bottom, point.x, left, right]
        : [point.x, side === "begin" ? left : right, point.y, top, bottom];
    return Math.abs(at - wanted) <= near && from - near <= across && across <= to + near;
  };
  const isVisible = (path: SVGPathElement): boolean => {
    const { stroke, strokeWidth, fill } = getComputedStyle(path);
    const isPainted = (stroke !== "none" && Number.parseFloat(strokeWidth) > 0) || fill !== "none";
    return isPainted && path.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const wrongWith = (id: string, line: SVGPathElement | null, arrow: SVGPathElement | null): string => {
    const [source, target] = id.slice(0, id.lastIndexOf(":")).split("→");
    if (!line || !arrow || line.getTotalLength() === 0) return "has no line";
    if (!isVisible(line) || !isVisible(arrow)) return "cannot be seen";
    if (!touches(onScreen(line, 0), "end", boxes.get(source!))) return `does not begin at ${source}`;
    // The arrow's path begins with its point.
    if (!touches(onScreen(arrow, 0), "begin", boxes.get(target!))) return `does not end at ${target}`;
    const [end, base] = [onScreen(line, line.getTotalLength()), arrow.getBoundingClientRect()];
    const meets =
      base.left - near <= end.x &&
      end.x <= base.right + near &&
      base.top - near <= end.y &&
      end.y <= base.bottom + near;
    return meets ? "is drawn" : "does not reach its arrow";
  };
  return [...body.querySelectorAll<SVGElement>(".react-flow__edge")]
    .map((edge) => {
      const id = edge.dataset.id!;
      return `${id} ${wrongWith(id, edge.querySelector(".route-line"), edge.querySelector(".route-arrow"))}`;
    })
    .toSorted();
}
