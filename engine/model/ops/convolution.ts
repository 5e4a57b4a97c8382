// Convolutions of images, channels first. A convolution is linear in each of its two inputs, so three ops
// are closed under differentiation: y from x and W, x from y and W, W from x and y (or their gradients); each is another's backward.
// N batch, C channels, F filters, G groups, H W height and width of x, I J of y, K L of the kernel.

import type { Shape } from "../../protocol/array";
import type { Op } from "../op";
import { op } from "../op";
import { formatShape, ShapeError, sizeOf, stridesOf } from "../shape";
import { product } from "./linear-algebra";
import { image, type Padding, planeOf, type Sliding, sizeOfImage, windows } from "./windows";

export interface Convolution extends Sliding {
  /** Filters and channels in so many parts that do not see each other; 1 for an ordinary convolution. */
  readonly groups: number;
}

/**
 * Cross-correlation, the "convolution" of deep learning: y[n, f, i, j] = Σ x[n, c, i·s + k − p, j·s + l − p] · W[f, c, k, l].
 *
 * x [N, C, H, W], W [F, C/G, K, L] → [N, F, I, J], I = ⌊(H + padding − K) / stride⌋ + 1.
 * Throws ShapeError when channels differ or the kernel does not fit.
 * Source: Dumoulin & Visin 2016, arXiv:1603.07285, section 2.
 */
export const conv2d: Op<readonly ["x", "W"], Convolution> = op({
  name: "conv2d",
  inputs: ["x", "W"],
  notation: { latex: String.raw`#x \star #W`, binds: "product", inputs: { x: "product", W: "atom" } },
  shape: ({ x, W }, convolution: Convolution) => {
    const [batch, channels, height, width] = image(x);
    const [filters, ofGroup, kernelHeight, kernelWidth] = image(W);
    if (channels !== ofGroup * convolution.groups) {
      throw new ShapeError(`${formatShape(W)} cannot filter ${formatShape(x)}: the channels differ.`, [0, 1]);
    }
    const size = windows([height, width], [kernelHeight, kernelWidth], convolution);
    return [batch, filters, ...size];
  },
  forward: (y, { x, W }, convolution) => {
    const g = geometry(x.shape, W.shape, y.shape, convolution);
    const columns = new Float64Array(g.rows * g.columns);
    forEachGroup(g, ({ ofX, ofW, ofY }) => {
      unfold(columns, x.data, ofX, g);
      product(y.data, ofY, W.data, ofW, columns, 0, g.filters, g.rows, g.columns);
    });
  },
  backward: {
    x: (dy, { x, W }, convolution) => conv2dInput(dy, W, { ...convolution, size: sizeOfImage(x.shape) }),
    W: (dy, { x, W }, convolution) => conv2dWeights(x, dy, { ...convolution, kernel: sizeOfImage(W.shape) }),
  },
  example: {
    shapes: { x: [2, 4, 5, 4], W: [2, 2, 3, 2] },
    attributes: { stride: [2, 1], padding: { top: 1, bottom: 0, left: 0, right: 2 }, groups: 2 },
  },
});

/**
 * The transpose of `conv2d` in x, also called deconvolution: every number of dy puts its multiple of the kernel into x.
 *
 * dy [N, F, I, J], W [F, C/G, K, L] → [N, C, H, W] with [H, W] = size.
 * Throws ShapeError when filters differ, or dy is not what a convolution of that size gives.
 */
export const conv2dInput: Op<readonly ["dy", "W"], Convolution & { readonly size: readonly [number, number] }> = op({
  name: "conv2dInput",
  inputs: ["dy", "W"],
  notation: { latex: String.raw`#dy \star^{\top} #W`, binds: "product", inputs: { dy: "product", W: "atom" } },
  shape: ({ dy, W }, { size, ...convolution }: Convolution & { readonly size: readonly [number, number] }) => {
    const [batch, filters] = image(dy);
    const [count, ofGroup, kernelHeight, kernelWidth] = image(W);
    const expected = windows(size, [kernelHeight, kernelWidth], convolution);
    if (filters !== count || expected.some((each, axis) => each !== dy[axis + 2])) {
      throw new ShapeError(`${formatShape(dy)} does not come from ${formatShape(W)} on ${formatShape(size)}.`, [0, 1]);
    }
    return [batch, ofGroup * convolution.groups, ...size];
  },
  forward: (x, { dy, W }, convolution) => {
    const g = geometry(x.shape, W.shape, dy.shape, convolution);
    const columns = new Float64Array(g.rows * g.columns);
    const transposed = new Float64Array(g.rows * g.filters);
    x.data.fill(0);
    forEachGroup(g, ({ ofX, ofW, ofY }) => {
      transposeInto(transposed, W.data, ofW, g.filters, g.rows);
      product(columns, 0, transposed, 0, dy.data, ofY, g.rows, g.filters, g.columns);
      fold(x.data, ofX, columns, g);
    });
  },
  backward: {
    dy: (dx, { W }, { size: _, ...convolution }) => conv2d(dx, W, convolution),
    W: (dx, { dy, W }, { size: _, ...convolution }) =>
      conv2dWeights(dx, dy, { ...convolution, kernel: sizeOfImage(W.shape) }),
  },
  example: {
    shapes: { dy: [2, 2, 2, 5], W: [2, 2, 3, 2] },
    attributes: { stride: [2, 1], padding: { top: 1, bottom: 0, left: 0, right: 2 }, groups: 2, size: [5, 4] },
  },
});

/**
 * The transpose of `conv2d` in W: for every place of the kernel, what x and dy have to do with each other there.
 *
 * x [N, C, H, W], dy [N, F, I, J] → [F, C/G, K, L] with [K, L] = kernel.
 * Throws ShapeError when dy is not what a convolution of x gives.
 */
export const conv2dWeights: Op<readonly ["x", "dy"], Convolution & { readonly kernel: readonly [number, number] }> = op(
  {
    name: "conv2dWeights",
    inputs: ["x", "dy"],
    notation: { latex: String.raw`#x \star_{W} #dy`, binds: "product", inputs: { x: "product", dy: "atom" } },
    shape: ({ x, dy }, { kernel, ...convolution }: Convolution & { readonly kernel: readonly [number, number] }) => {
      const [batch, channels, height, width] = image(x);
      const [count, filters] = image(dy);
      const expected = windows([height, width], kernel, convolution);
      const { groups } = convolution;
      const fits = batch === count && channels % groups === 0 && filters % groups === 0;
      if (!fits || expected.some((each, axis) => each !== dy[axis + 2])) {
        throw new ShapeError(
          `${formatShape(dy)} does not come from kernels ${formatShape(kernel)} on ${formatShape(x)}.`,
          [0, 1],
        );
      }
      return [filters, channels / groups, ...kernel];
    },
    forward: (W, { x, dy }, convolution) => {
      const g = geometry(x.shape, W.shape, dy.shape, convolution);
      const columns = new Float64Array(g.rows * g.columns);
      const transposed = new Float64Array(g.columns * g.rows);
      const one = new Float64Array(g.filters * g.rows);
      W.data.fill(0);
      forEachGroup(g, ({ ofX, ofW, ofY }) => {
        unfold(columns, x.data, ofX, g);
        transposeInto(transposed, columns, 0, g.rows, g.columns);
        product(one, 0, dy.data, ofY, transposed, 0, g.filters, g.columns, g.rows);
        for (let i = 0; i < one.length; i++) W.data[ofW + i]! += one[i]!;
      });
    },
    backward: {
      x: (dW, { x, dy }, { kernel: _, ...convolution }) =>
        conv2dInput(dy, dW, { ...convolution, size: sizeOfImage(x.shape) }),
      dy: (dW, { x }, { kernel: _, ...convolution }) => conv2d(x, dW, convolution),
    },
    example: {
      shapes: { x: [2, 4, 5, 4], dy: [2, 2, 2, 5] },
      attributes: { stride: [2, 1], padding: { top: 1, bottom: 0, left: 0, right: 2 }, groups: 2, kernel: [3, 2] },
    },
  },
);

/** Where the three numbers of one product in a convolution stand, in row-major order: y += x · W. */
export interface ProductPlaces {
  readonly x: number;
  readonly W: number;
  readonly y: number;
}

/** Of the products of a convolution, those that have this number of x, W or y in them. */
export interface ProductsWith {
  readonly role: keyof ProductPlaces;
  readonly position: number;
}

/** All products of a convolution, for working it out on paper: as many as it has multiplications. */
export function* productsOf(
  { x, W, y }: { readonly x: Shape; readonly W: Shape; readonly y: Shape },
  { stride, padding, groups }: Convolution,
  only?: ProductsWith,
): Generator<ProductPlaces, undefined, undefined> {
  const [batch, channels, height, width] = image(x);
  const [filters, ofGroup, kernelHeight, kernelWidth] = image(W);
  const [rows, columns] = sizeOfImage(y);
  const given = (role: keyof ProductPlaces, shape: Shape): readonly (number | undefined)[] =>
    only?.role === role ? indicesOf(only.position, shape) : [];
  const [ofX, ofW, ofY] = [given("x", x), given("W", W), given("y", y)];
  const inGroup = filters / groups;
  const [firstGroup, lastGroup] =
    ofX[1] === undefined ? [0, groups] : [Math.floor(ofX[1] / ofGroup), Math.floor(ofX[1] / ofGroup) + 1];
  for (const n of each(ofX[0] ?? ofY[0], 0, batch)) {
    for (const f of each(ofW[0] ?? ofY[1], firstGroup * inGroup, lastGroup * inGroup)) {
      const group = Math.floor(f / inGroup);
      for (const c of each(ofX[1] === undefined ? ofW[1] : ofX[1] % ofGroup, 0, ofGroup)) {
        for (const k of each(ofW[2], 0, kernelHeight)) {
          for (const l of each(ofW[3], 0, kernelWidth)) {
            for (const i of each(ofY[2] ?? placeOver(ofX[2], k, stride[0], padding.top), 0, rows)) {
              for (const j of each(ofY[3] ?? placeOver(ofX[3], l, stride[1], padding.left), 0, columns)) {
                const row = i * stride[0] + k - padding.top;
                const column = j * stride[1] + l - padding.left;
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                yield {
                  x: ((n * channels + group * ofGroup + c) * height + row) * width + column,
                  W: ((f * ofGroup + c) * kernelHeight + k) * kernelWidth + l,
                  y: ((n * filters + f) * rows + i) * columns + j,
                };
              }
            }
          }
        }
      }
    }
  }
}

/** The given number alone, if it is one of those from `start` on; all of them when none is given. */
function* each(given: number | undefined, start: number, end: number): Generator<number, undefined, undefined> {
  if (given === undefined) for (let at = start; at < end; at++) yield at;
  else if (Number.isInteger(given) && given >= start && given < end) yield given;
}

/** Where the window stands when its number `k` is over the number `at`; undefined when that is not given. */
function placeOver(at: number | undefined, k: number, stride: number, before: number): number | undefined {
  return at === undefined ? undefined : (at + before - k) / stride;
}

function indicesOf(position: number, shape: Shape): readonly number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!);
}

/** Sizes of one convolution. A matrix of `columns` has a row for each weight of a filter, a column for each position. */
interface Geometry {
  readonly batch: number;
  readonly groups: number;
  /** Of one group, as all that follows. */
  readonly channels: number;
  readonly filters: number;
  readonly rows: number;
  readonly columns: number;
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly output: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
}

function geometry(x: Shape, W: Shape, y: Shape, { groups, stride, padding }: Convolution): Geometry {
  return {
    batch: x[0]!,
    groups,
    channels: W[1]!,
    filters: W[0]! / groups,
    rows: sizeOf(W.slice(1)),
    columns: planeOf(y),
    image: sizeOfImage(x),
    kernel: sizeOfImage(W),
    output: sizeOfImage(y),
    stride,
    padding,
  };
}

/** For each sample and group, where its part of x, W and y begins. */
function forEachGroup(
  { batch, groups, channels, filters, rows, columns, image: [height, width] }: Geometry,
  visit: (offsets: { readonly ofX: number; readonly ofW: number; readonly ofY: number }) => void,
): void {
  for (let sample = 0; sample < batch; sample++) {
    for (let group = 0; group < groups; group++) {
      const part = sample * groups + group;
      visit({ ofX: part * channels * height * width, ofW: group * filters * rows, ofY: part * filters * columns });
    }
  }
}

/** The numbers under the kernel at each position, as columns; 0 where it stands over the padding. Known as im2col. */
function unfold(columns: Float64Array, x: Float64Array, ofX: number, g: Geometry): void {
  forEachStretch(g, (row, from, first, last, step) => {
    for (let j = row.start; j < first; j++) columns[j] = 0;
    for (let j = first, at = ofX + from; j < last; j++, at += step) columns[j] = x[at]!;
    for (let j = last; j < row.end; j++) columns[j] = 0;
  });
}

/** Adds the columns back to where `unfold` took them from: its transpose. */
function fold(x: Float64Array, ofX: number, columns: Float64Array, g: Geometry): void {
  forEachStretch(g, (_, from, first, last, step) => {
    for (let j = first, at = ofX + from; j < last; j++, at += step) x[at]! += columns[j]!;
  });
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * For each weight of a filter and each row of positions: the stretch of the columns, the part of it that is not over
 * padding, and where in the image that part begins and how far it advances.
 */
function forEachStretch(
  { channels, image: [height, width], kernel, output: [rows, columns], stride, padding }: Geometry,
  visit: (row: Stretch, from: number, first: number, last: number, step: number) => void,
): void {
  const [down, right] = stride;
  let start = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let k = 0; k < kernel[0]; k++) {
      for (let l = 0; l < kernel[1]; l++) {
        // Columns j with 0 ≤ j · right + l − left < width.
        const shift = l - padding.left;
        const first = Math.min(columns, Math.max(0, Math.ceil(-shift / right)));
        const last = Math.max(first, Math.min(columns, Math.ceil((width - shift) / right)));
        for (let i = 0; i < rows; i++, start += columns) {
          const y = i * down + k - padding.top;
          const end = start + columns;
          if (y < 0 || y >= height) visit({ start, end }, 0, end, end, right);
          else {
            const from = (channel * height + y) * width + first * right + shift;
            visit({ start, end }, from, start + first, start + last, right);
          }
        }
      }
    }
  }
}

/** b [columns, rows] = aᵀ for a [rows, columns]. */
function transposeInto(b: Float64Array, a: Float64Array, ofA: number, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) b[column * rows + row] = a[ofA + row * columns + column]!;
  }
}
