// The exported picture of a diagram whose places are given.

import { expect, test } from "vitest";
import { type Diagram, diagramOf } from "../../webview/diagram/diagram-model";
import type { Placement } from "../../webview/diagram/layout";
import { drawn, type PictureColors } from "../../webview/diagram/picture";
import { input, layer, network } from "./networks";

const colors: PictureColors = {
  background: "white",
  text: "black",
  dim: "gray",
  node: "ivory",
  border: "silver",
  kinds: {
    input: "blue",
    parameter: "gold",
    constant: "gray",
    operation: "green",
    layer: "purple",
    block: "purple",
    repeat: "purple",
    output: "gray",
  },
};

const measure = { bold: width, regular: width, small: width, mono: width };

function width(text: string): number {
  return 7 * text.length;
}

const values = [input("x", [4]), layer({ id: "h", name: "h <2>", title: "Dense(8)", inputs: ["x"], shape: [8] })];
const diagram: Diagram = {
  ...diagramOf(network(values)),
  groups: [{ id: "first", kind: "block", heading: "first", detail: "Residual" }],
};
const [edge] = diagram.edges;
const placement: Placement = {
  boxes: new Map([
    ["x", { x: 0, y: 0, width: 100, height: 28 }],
    ["first", { x: -10, y: 48, width: 220, height: 80 }],
    ["h", { x: 0, y: 80, width: 200, height: 28 }],
  ]),
  routes: new Map([
    [
      edge!.id,
      [
        { x: 50, y: 28 },
        { x: 50, y: 80 },
      ],
    ],
  ]),
  bounds: { x: -10, y: 0, width: 220, height: 128 },
  direction: "down",
};

const picture = drawn({ diagram, placement, live: false }, colors, measure);

test("a picture is as large as what is placed, with a margin of 20 on each side", () => {
  expect([picture.width, picture.height]).toEqual([260, 168]);
  expect(picture.text).toContain('viewBox="-30 -20 260 168"');
});

test("an edge that comes into a frame ends around the words of its title", () => {
  const { text } = picture;
  const order = ['stroke="silver"', 'd="M50 28', ">first</tspan> Residual", ">h &lt;2&gt;</text>"];
  const places = order.map((part) => text.indexOf(part));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(text).toMatch(/paint-order="stroke" stroke="white"[^>]*><tspan[^>]*>first/);
});
