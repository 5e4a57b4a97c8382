import { expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { diagramOf } from "../../webview/diagram/diagram-model";
import type { Box, Placement } from "../../webview/diagram/layout";
import { neighbor } from "../../webview/diagram/navigation";
import { sizesOf } from "../../webview/diagram/node-size";
import { roundedPath } from "../../webview/diagram/routed-edge";
import { bars } from "../../webview/diagram/sparkline";
import { firstView, mostCentral, viewKeeping, viewShowing, wholeView } from "../../webview/diagram/viewport";
import { classifier, declared, input, network, operation, parameter } from "./networks";

const tenPerLetter = (text: string) => text.length * 10;
const measure = { bold: tenPerLetter, regular: tenPerLetter, small: tenPerLetter, mono: tenPerLetter };
const panel = { width: 600, height: 400 };

test("a node is as wide as its text, up to a limit", () => {
  const named = (name: string) =>
    sizesOf(diagramOf(network([input(name, [4])])), measure, { live: false }).get(name)?.width ?? 0;
  expect(named("xxxxxxxx")).toBe(named("xxxxxx") + 20);
  expect(named("x".repeat(100))).toBe(named("x".repeat(200)));
});

test("a training makes room in every node but the output", () => {
  const heights = (live: boolean) => {
    const sizes = sizesOf(diagramOf(classifier()), measure, { live });
    return [...sizes].map(([id, { height }]) => ({ id, height }));
  };
  const grown = heights(true).filter(({ height }, index) => height > heights(false)[index]!.height);
  expect(grown.map(({ id }) => id)).toEqual(["x", "h", "Softmax#1"]);
});

// X   W
//  \ /
//   y
const joined = {
  diagram: diagramOf(
    network(
      [input("X", [2]), declared("W", [2, 2]), operation({ id: "y", title: "X @ W", inputs: ["X", "W"], shape: [2] })],
      { parameters: [parameter("W", [2, 2], { trainable: true })] },
    ),
  ),
  placement: placement({
    X: { x: 0, y: 0, width: 100, height: 30 },
    W: { x: 120, y: 0, width: 100, height: 30 },
    y: { x: 40, y: 60, width: 100, height: 30 },
  }),
};

test("arrow keys follow the edges up and down and go sideways to what stands beside", () => {
  expect(neighbor(joined, "X", "down")).toBe("y");
  expect(neighbor(joined, "y", "up")).toBe("X");
  expect(neighbor(joined, "X", "right")).toBe("W");
  expect(neighbor(joined, "W", "left")).toBe("X");
  expect(neighbor(joined, "y", "first")).toBe("X");
  expect(neighbor(joined, "X", "last")).toBe("y");
});

test("from a frame arrow keys lead into it, and up to what comes into it", () => {
  const { module } = analyze(`block Two(a, b) {\n  return a + b -> Tanh\n}
network N(x: [4], y: [4]) {\n  return x -> Two(y) as t -> ReLU\n}\n`);
  const diagram = diagramOf(module.networks[0]!);
  const box = { width: 10, height: 10 };
  const placed = {
    diagram,
    placement: placement({
      x: { x: -40, y: 0, ...box },
      y: { x: 20, y: 0, ...box },
      t: { x: -10, y: 20, width: 30, height: 40 },
      "t/add#1": { x: 0, y: 30, ...box },
      "t/Tanh#1": { x: 0, y: 45, ...box },
      "ReLU#1": { x: 0, y: 70, ...box },
    }),
  };
  expect(neighbor(placed, "t", "up")).toBe("y");
  expect(neighbor(placed, "t", "down")).toBe("t/add#1");
});

test("an arrow key that leads nowhere leads nowhere", () =>
  expect([neighbor(joined, "X", "up"), neighbor(joined, "y", "right"), neighbor(joined, "gone", "down")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]));

test("a small diagram is shown in the middle at its own size", () =>
  expect(firstView({ x: -50, y: 0, width: 100, height: 200 }, panel, "down")).toEqual({ zoom: 1, x: 300, y: 100 }));

test("a diagram hardly taller than the panel is shown whole", () =>
  expect(firstView({ x: -50, y: 0, width: 100, height: 391.1 }, panel, "down").zoom).toBeCloseTo(0.9));

test("a tall diagram is shown at natural size, from its top", () => {
  const view = firstView({ x: -50, y: 0, width: 100, height: 20_000 }, panel, "down");
  expect(view).toEqual({ zoom: 1, x: 300, y: 24 });
});

test("a tall diagram a little wider than the panel is shown in its whole width", () => {
  const { zoom, x } = firstView({ x: 0, y: 0, width: 613.3, height: 20_000 }, panel, "down");
  expect(zoom).toBeCloseTo(0.9);
  expect(x).toBeCloseTo(24);
});

test("a diagram much wider than the panel is shown from its middle, legible", () => {
  const { zoom, x } = firstView({ x: 0, y: 0, width: 1500, height: 100 }, panel, "down");
  expect([zoom, x]).toEqual([0.8, -300]);
});

test("fitting shows all of it, however small", () =>
  expect(wholeView({ x: 0, y: 0, width: 100, height: 3520 }, panel).zoom).toBeCloseTo(0.1));

test("a node in view moves nothing, one outside moves the view just far enough", () => {
  const box = { x: 0, y: 0, width: 100, height: 30 };
  expect(viewShowing(box, { x: 10, y: 10, zoom: 1 }, panel)).toBeUndefined();
  expect(viewShowing(box, { x: 10, y: -20, zoom: 1 }, panel)).toEqual({ zoom: 1, x: 10, y: 24 });
  expect(viewShowing(box, { x: 10, y: 390, zoom: 1 }, panel)).toEqual({ zoom: 1, x: 10, y: 346 });
});

test("a node that has become wider and has moved down stays where it is on the screen, by the middle of its upper edge", () => {
  const [before, after] = [
    { x: -50, y: 900, width: 100, height: 30 },
    { x: -70, y: 1400, width: 120, height: 60 },
  ];
  const view = viewKeeping(before, after, { x: 300, y: -800, zoom: 0.5 });
  expect(view).toEqual({ zoom: 0.5, x: 305, y: -1050 });
  const onScreen = (box: typeof before, { x, y, zoom }: typeof view) => [
    (box.x + box.width / 2) * zoom + x,
    box.y * zoom + y,
  ];
  expect(onScreen(after, view)).toEqual(onScreen(before, { x: 300, y: -800, zoom: 0.5 }));
});

test("the most central of boxes is the one nearest to the middle of the view", () => {
  const boxes = [0, 100, 200, 300].map((y) => ({ x: 0, y, width: 100, height: 30 }));
  // The middle of the panel is 300, 200.
  expect(mostCentral(boxes, { x: 250, y: 0, zoom: 1 }, panel)).toBe(2);
  expect(mostCentral(boxes, { x: 250, y: 0, zoom: 2 }, panel)).toBe(1);
  expect(mostCentral([], { x: 0, y: 0, zoom: 1 }, panel)).toBeUndefined();
});

test("a histogram becomes one closed outline, as high as its fullest bin", () => {
  const outline = bars({ low: 0, high: 1, counts: [0, 4, 1, 0] });
  expect(outline).toMatch(/^M0 13L.*Z$/);
  expect(outline).toContain(" 0H"); // the fullest bin reaches the top
  expect(bars({ low: 0, high: 1, counts: [0, 0] })).toBe("");
});

test("a route bends with a quarter turn and ends where its arrow begins", () =>
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 40, y: 20 },
      { x: 40, y: 50 },
    ]),
  ).toBe("M0 0L0 14Q0 20 6 20L34 20Q40 20 40 26L40 44"));

function placement(boxes: Readonly<Record<string, Box>>): Placement {
  return {
    boxes: new Map(Object.entries(boxes)),
    routes: new Map(),
    bounds: { x: 0, y: 0, width: 220, height: 90 },
    direction: "down",
  };
}
