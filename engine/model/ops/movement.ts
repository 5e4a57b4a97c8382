// Ops that move numbers without changing them: reshape, repeat, join, cut out. And one-hot, which spreads indices.

import type { Shape } from "../../protocol/array";
import type { Op, Written } from "../op";
import { op } from "../op";
import {
  axesOf,
  broadcastShapes,
  broadcastStrides,
  formatShape,
  ShapeError,
  sameShape,
  sizeOf,
  stridesOf,
} from "../shape";
import { expectIndex } from "./indices";
import { sumTo } from "./reduction";
import { walk } from "./walk";

/** The same numbers in the same order with another shape. Throws ShapeError when their count differs. */
export const reshape: Op<readonly ["x"], { shape: Shape }> = op({
  name: "reshape",
  inputs: ["x"],
  notation: { latex: "#x", binds: "atom", inputs: { x: "atom" }, kind: "move" },
  shape: ({ x }, { shape }: { shape: Shape }) => {
    if (sizeOf(x) !== sizeOf(shape)) {
      throw new ShapeError(
        `${formatShape(x)} cannot become ${formatShape(shape)}: ${sizeOf(x)} numbers are not ${sizeOf(shape)}.`,
      );
    }
    return shape;
  },
  forward: (y, { x }) => y.data.set(x.data),
  backward: { x: (dy, { x }) => reshape(dy, { shape: x.shape }) },
  example: { shapes: { x: [2, 3] }, attributes: { shape: [3, 2] } },
});

/** x repeated to the shape it broadcasts to. Throws ShapeError when it does not. */
export const broadcastTo: Op<readonly ["x"], { shape: Shape }> = op({
  name: "broadcastTo",
  inputs: ["x"],
  notation: { latex: "#x", binds: "atom", inputs: { x: "atom" }, kind: "move" },
  shape: ({ x }, { shape }: { shape: Shape }) => {
    if (!sameShape(broadcastShapes(x, shape), shape)) {
      throw new ShapeError(`${formatShape(x)} does not repeat to ${formatShape(shape)}.`);
    }
    return shape;
  },
  forward: (y, { x }) =>
    walk(y.shape, [broadcastStrides(x.shape, y.shape)], (start, [from], [step], length) => {
      for (let i = 0; i < length; i++) y.data[start + i] = x.data[from! + i * step!]!;
    }),
  backward: { x: (dy, { x }) => sumTo(dy, { shape: x.shape }) },
  example: { shapes: { x: [2, 1] }, attributes: { shape: [3, 2, 4] } },
});

/** a, then b along `axis`. Throws ShapeError when any other size differs. */
export const concat: Op<readonly ["a", "b"], { axis: number }> = op({
  name: "concat",
  inputs: ["a", "b"],
  notation: { latex: String.raw`\left[#a;\ #b\right]`, binds: "atom", kind: "move" },
  shape: ({ a, b }, { axis }: { axis: number }) => {
    if (a.length !== b.length || a.some((size, other) => other !== axis && size !== b[other])) {
      throw new ShapeError(
        `${formatShape(a)} and ${formatShape(b)} cannot be joined: another dimension differs.`,
        [0, 1],
      );
    }
    return a.map((size, other) => (other === axis ? size + b[axis]! : size));
  },
  forward: (y, { a, b }, { axis }) => {
    const outer = sizeOf(y.shape.slice(0, axis));
    const [fromA, fromB] = [a.data.length / outer, b.data.length / outer];
    for (let i = 0; i < outer; i++) {
      const to = i * (fromA + fromB);
      y.data.set(a.data.subarray(i * fromA, (i + 1) * fromA), to);
      y.data.set(b.data.subarray(i * fromB, (i + 1) * fromB), to + fromA);
    }
  },
  backward: {
    a: (dy, { a }, { axis }) => slice(dy, { axis, start: 0, end: a.shape[axis]! }),
    b: (dy, { a }, { axis }) => slice(dy, { axis, start: a.shape[axis]!, end: dy.shape[axis]! }),
  },
  example: { shapes: { a: [2, 3, 2], b: [2, 1, 2] }, attributes: { axis: 1 } },
});

export interface Slice {
  readonly axis: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Positions start … end − 1 along `axis`. Throws ShapeError when they lie outside. */
export const slice: Op<readonly ["x"], Slice> = op({
  name: "slice",
  inputs: ["x"],
  notation: {
    latex: ({ shapes: { x }, attributes: { axis, start, end } }: Written<"x", Slice>) => {
      const positions = end === start + 1 ? `${start + 1}` : String.raw`${start + 1} \ldots ${end}`;
      return `{#x}_{[${axesOf(x)
        .map((other) => (other === axis ? positions : ":"))
        .join(", ")}]}`;
    },
    binds: "power",
    inputs: { x: "atom" },
    kind: "move",
  },
  shape: ({ x }, { axis, start, end }: Slice) => {
    if (axis >= x.length || start < 0 || end > x[axis]! || start >= end) {
      throw new ShapeError(`${formatShape(x)} has no positions ${start} to ${end - 1} in dimension ${axis}.`);
    }
    return x.map((size, other) => (other === axis ? end - start : size));
  },
  forward: (y, { x }, { axis, start }) => {
    const from = start * stridesOf(x.shape)[axis]!;
    walk(y.shape, [stridesOf(x.shape)], (to, [offset], [step], length) => {
      for (let i = 0; i < length; i++) y.data[to + i] = x.data[from + offset! + i * step!]!;
    });
  },
  backward: {
    x: (dy, { x }, { axis, start }) => embed(dy, { axis, start, size: x.shape[axis]! }),
  },
  example: { shapes: { x: [2, 5, 2] }, attributes: { axis: 1, start: 1, end: 4 } },
});

export interface Embedding {
  readonly axis: number;
  readonly start: number;
  /** Of the result along `axis`. */
  readonly size: number;
}

/** x at position `start` along `axis`, zeros around it: the reverse of slice. */
export const embed: Op<readonly ["x"], Embedding> = op({
  name: "embed",
  inputs: ["x"],
  notation: { latex: String.raw`\operatorname{embed}(#x)`, binds: "atom", kind: "move" },
  shape: ({ x }, { axis, start, size }: Embedding) => {
    if (axis >= x.length || start < 0 || start + x[axis]! > size) {
      throw new ShapeError(`${formatShape(x)} does not fit into size ${size} at position ${start}.`);
    }
    return x.map((old, other) => (other === axis ? size : old));
  },
  forward: (y, { x }, { axis, start }) => {
    y.data.fill(0);
    const to = start * stridesOf(y.shape)[axis]!;
    walk(x.shape, [stridesOf(y.shape)], (from, [offset], [step], length) => {
      for (let i = 0; i < length; i++) y.data[to + offset! + i * step!] = x.data[from + i]!;
    });
  },
  backward: {
    x: (dy, { x }, { axis, start }) => slice(dy, { axis, start, end: start + x.shape[axis]! }),
  },
  example: { shapes: { x: [2, 3, 2] }, attributes: { axis: 1, start: 1, size: 5 } },
});

/**
 * 1 at the position of each index, 0 elsewhere.
 *
 * indices [...] → [..., classes]. Throws at run time when a number is not an integer from 0 to classes − 1.
 */
export const oneHot: Op<readonly ["indices"], { classes: number }> = op({
  name: "oneHot",
  inputs: ["indices"],
  notation: { latex: String.raw`\operatorname{onehot}(#indices)`, binds: "atom", kind: "move" },
  shape: ({ indices }, { classes }: { classes: number }) => [...indices, classes],
  forward: (y, { indices }, { classes }) => {
    y.data.fill(0);
    for (let i = 0; i < indices.data.length; i++) {
      const index = indices.data[i]!;
      expectIndex(index, classes);
      y.data[i * classes + index] = 1;
    }
  },
  backward: { indices: null },
  example: { shapes: { indices: [2, 3] }, attributes: { classes: 4 }, range: [1, 1] },
});
