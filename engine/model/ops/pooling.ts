// The largest numbers of windows of images, and where they are.
// N batch, C channels, H W height and width of x, I J of y.

import type { NdArray, Shape } from "../../protocol/array";
import type { Op } from "../op";
import { op } from "../op";
import { formatShape, ShapeError } from "../shape";
import { image, planeOf, type Sliding, sizeOfImage, windows } from "./windows";

/** A window that moves over each channel by itself. */
export interface Pooling extends Sliding {
  readonly window: readonly [height: number, width: number];
}

/**
 * The largest number of every window; padding never wins. Of several largest the first in reading order gets the
 * gradient, as in PyTorch.
 *
 * x [N, C, H, W] → [N, C, I, J]. Throws ShapeError when the window does not fit.
 */
export const maxPool2d: Op<readonly ["x"], Pooling> = op({
  name: "maxPool2d",
  inputs: ["x"],
  notation: { latex: ({ attributes }) => String.raw`\operatorname{maxpool}_{${by(attributes)}}(#x)`, binds: "atom" },
  shape: pooled,
  forward: (y, { x }, pooling) =>
    forEachWindow(x, y, pooling, (to, at) => {
      y.data[to] = x.data[at]!;
    }),
  backward: { x: (dy, { x }, pooling) => spreadAt(dy, largest2d(x, pooling), { size: sizeOfImage(x.shape) }) },
  example: {
    shapes: { x: [2, 2, 5, 4] },
    attributes: { window: [3, 2], stride: [2, 2], padding: { top: 1, bottom: 0, left: 0, right: 1 } },
  },
});

/** Where in its channel the largest number of every window is: i·W + j, the first of several. Shapes as `maxPool2d`. */
export const largest2d: Op<readonly ["x"], Pooling> = op({
  name: "largest2d",
  inputs: ["x"],
  notation: { latex: ({ attributes }) => String.raw`\operatorname{argmax}_{${by(attributes)}}(#x)`, binds: "atom" },
  shape: pooled,
  forward: (y, { x }, pooling) =>
    forEachWindow(x, y, pooling, (to, at, start) => {
      y.data[to] = at - start;
    }),
  backward: { x: null },
  example: {
    shapes: { x: [2, 2, 4, 4] },
    attributes: { window: [2, 2], stride: [2, 2], padding: { top: 0, bottom: 0, left: 0, right: 0 } },
  },
});

/** The numbers of each channel at the given positions, i·W + j. x [N, C, H, W], positions [N, C, I, J] → [N, C, I, J]. */
export const takeAt: Op<readonly ["x", "positions"]> = op({
  name: "takeAt",
  inputs: ["x", "positions"],
  notation: { latex: "{#x}_{#positions}", binds: "power", inputs: { x: "atom" }, kind: "move" },
  shape: ({ x, positions }) => samePlanes(x, positions),
  forward: (y, { x, positions }) => {
    const [plane, count] = [planeOf(x.shape), planeOf(y.shape)];
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[Math.floor(i / count) * plane + positions.data[i]!]!;
  },
  backward: {
    x: (dy, { x, positions }) => spreadAt(dy, positions, { size: sizeOfImage(x.shape) }),
    positions: null,
  },
  example: { shapes: { x: [2, 1, 2, 2], positions: [2, 1, 1, 2] }, range: [1, 1] },
});

/** The reverse of `takeAt`: adds each number into zeros of [H, W] = size at its position. */
export const spreadAt: Op<readonly ["dy", "positions"], { readonly size: readonly [number, number] }> = op({
  name: "spreadAt",
  inputs: ["dy", "positions"],
  notation: { latex: String.raw`\operatorname{spread}(#dy)`, binds: "atom", kind: "move" },
  shape: ({ dy, positions }, { size }: { readonly size: readonly [number, number] }) => [
    ...samePlanes(dy, positions).slice(0, 2),
    ...size,
  ],
  forward: (x, { dy, positions }) => {
    const [plane, count] = [planeOf(x.shape), planeOf(dy.shape)];
    x.data.fill(0);
    for (let i = 0; i < dy.data.length; i++) x.data[Math.floor(i / count) * plane + positions.data[i]!]! += dy.data[i]!;
  },
  backward: { dy: (dx, { positions }) => takeAt(dx, positions), positions: null },
  example: { shapes: { dy: [2, 1, 1, 2], positions: [2, 1, 1, 2] }, attributes: { size: [2, 2] }, range: [1, 1] },
});

/** `3 \times 2` */
function by({ window }: Pooling): string {
  return window.join(String.raw` \times `);
}

function pooled({ x }: { x: Shape }, pooling: Pooling): Shape {
  const [batch, channels, height, width] = image(x);
  return [batch, channels, ...windows([height, width], pooling.window, pooling)];
}

function samePlanes(x: Shape, positions: Shape): Shape {
  if (x[0] !== positions[0] || x[1] !== positions[1]) {
    throw new ShapeError(`${formatShape(positions)} gives no positions in ${formatShape(x)}.`, [0, 1]);
  }
  return positions;
}

/** For each window: where its result stands, where its largest number is, and where its channel begins. */
function forEachWindow(
  x: NdArray,
  y: NdArray,
  { window, stride, padding }: Pooling,
  visit: (to: number, at: number, start: number) => void,
): void {
  const [height, width] = sizeOfImage(x.shape);
  const [rows, columns] = sizeOfImage(y.shape);
  let to = 0;
  for (let start = 0; start < x.data.length; start += height * width) {
    for (let i = 0; i < rows; i++) {
      const top = i * stride[0] - padding.top;
      for (let j = 0; j < columns; j++, to++) {
        const left = j * stride[1] - padding.left;
        visit(to, largestIn(x.data, start, width, [top, left], window, height), start);
      }
    }
  }
}

/** The position of the first largest number of one window; of the first NaN if there is one. */
function largestIn(
  data: Float64Array,
  start: number,
  width: number,
  [top, left]: readonly [number, number],
  [windowHeight, windowWidth]: readonly [number, number],
  height: number,
): number {
  const [firstRow, firstColumn] = [Math.max(0, top), Math.max(0, left)];
  const lastRow = Math.min(height, top + windowHeight);
  const lastColumn = Math.min(width, left + windowWidth);
  let best = start + firstRow * width + firstColumn;
  for (let row = firstRow; row < lastRow; row++) {
    for (let column = firstColumn; column < lastColumn; column++) {
      const at = start + row * width + column;
      // Not "larger than": what is larger than nothing else may be NaN, and that must be seen.
      if (!(data[at]! <= data[best]!)) {
        best = at;
        if (Number.isNaN(data[at]!)) return best;
      }
    }
  }
  return best;
}
