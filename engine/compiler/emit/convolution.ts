// Convolutions, as instructions. G groups, C channels and F filters of one group, H W height and width of x, I J of y, K L
// of the kernel.

import type { Convolution } from "../../model/ops/convolution";
import type { Shape } from "../../protocol/array";
import type { Emitter } from "../emitter";
import type { Instruction } from "../instruction";
import { Finish, Opcode } from "../opcodes";
import type { View } from "../view";
import { Scratch, upTo } from "./scratch";

type Size = readonly [number, number];

const conv2d: Emitter<Convolution> = {
  emit: (y, [x, W], convolution) => filtered(y, x!, W!, undefined, Finish.none, convolution),
};

/** As `conv2d`, plus the bias [G·F] and then the activation. */
const conv2dBias: Emitter<Convolution & { readonly activation: "none" | "relu" }> = {
  emit: (y, [x, W, bias], { activation, ...convolution }) =>
    filtered(y, x!, W!, bias!, activation === "relu" ? Finish.relu : Finish.none, convolution),
};

const conv2dInput: Emitter<Convolution & { readonly size: Size }> = {
  emit: (dx, [dy, W], { stride, padding, groups }) => {
    const sizes = sizesOf(dx.shape, W!.shape, dy!.shape, groups);
    const { channels, filters, image, kernel, output } = sizes;
    const taps = filters * kernel[0] * kernel[1];
    const length = Math.min(taps, mostInner);
    const along = (axis: 0 | 1, before: number): Border => {
      // The first tap of the first row lies (K − 1 − top) / stride rows above dy, the last one of the last row below it.
      const above = Math.max(0, Math.ceil((kernel[axis] - 1 - before) / stride[axis]));
      return { before: above, size: above + Math.floor((image[axis] - 1 + before) / stride[axis]) + 1 };
    };
    const scratch = new Scratch();
    scratch.take(edgeSize);
    const [panel, starts] = [scratch.take(32 * length), scratch.take(32 * upTo(4, channels))];
    const [tables, weights] = [scratch.take(8 * taps), scratch.take(4 * groups * taps * upTo(4, channels))];
    const source = bordered(output, along(0, padding.top), along(1, padding.left), filters, scratch);
    return {
      opcode: Opcode.conv2dInput,
      units: sizes.batch * groups,
      work: workOf(sizes),
      words: [
        ...[{ at: dx }, { at: dy! }, { at: W! }, 0, Finish.none],
        ...[channels, filters, groups, ...output, ...kernel, ...image, ...stride, padding.top, padding.left],
        ...[...source, length, tables, weights, starts, panel],
      ],
      scratch: scratch.size,
    };
  },
};

const conv2dWeights: Emitter<Convolution & { readonly kernel: Size }> = {
  emit: (dW, [x, dy], { stride, padding, groups }) => {
    const sizes = sizesOf(x!.shape, dW.shape, dy!.shape, groups);
    const { batch, channels, filters, image, kernel, output } = sizes;
    const taps = channels * kernel[0] * kernel[1];
    const lines = Math.max(1, Math.floor(mostInner / output[1]));
    const scratch = new Scratch();
    const [tables, sums] = [scratch.take(4 * upTo(4, taps)), scratch.take(32 * upTo(4, taps))];
    const panel = scratch.take(32 * Math.min(lines, output[0]) * output[1]);
    const source = bordered(image, ...bordersOf(sizes, { stride, padding, groups }), channels, scratch);
    return {
      opcode: Opcode.conv2dWeights,
      units: groups * Math.ceil(filters / 8) * Math.ceil(taps / 4),
      work: workOf(sizes),
      words: [
        ...[{ at: dW }, { at: x! }, { at: dy! }, 0, Finish.none],
        ...[channels, filters, groups, ...image, ...kernel, ...output, ...stride, batch, 0],
        ...[...source, lines, tables, sums, panel],
      ],
      scratch: scratch.size,
    };
  },
};

export const convolution: Readonly<Record<string, Emitter>> = { conv2d, conv2dBias, conv2dInput, conv2dWeights };

/** Longest part of a sum for which a panel of columns and a strip of weights fit into a first-level cache of 32 KiB. */
const mostInner = 512;

/** Bytes of a tile, and of eight addresses: what kernels/correlate.ts has at the beginning of scratch. */
const edgeSize = 128 + 32;

function filtered(
  y: View,
  x: View,
  W: View,
  bias: View | undefined,
  finish: Finish,
  convolution: Convolution,
): Instruction {
  const { groups, stride } = convolution;
  const sizes = sizesOf(x.shape, W.shape, y.shape, groups);
  const { channels, filters, image, kernel, output } = sizes;
  const taps = channels * kernel[0] * kernel[1];
  const length = Math.min(taps, mostInner);
  const rows = groups * upTo(4, filters);
  const scratch = new Scratch();
  scratch.take(edgeSize);
  const panel = scratch.take(32 * length);
  const [tables, weights, starts] = [scratch.take(4 * taps), scratch.take(4 * rows * taps), scratch.take(32 * rows)];
  const source = bordered(image, ...bordersOf(sizes, convolution), channels, scratch);
  return {
    opcode: Opcode.conv2d,
    units: sizes.batch * groups,
    work: workOf(sizes),
    words: [
      ...[{ at: y }, { at: x }, { at: W }, bias ? { at: bias } : 0, finish],
      ...[channels, filters, groups, ...image, ...kernel, ...output, ...stride, 0, 0],
      ...[...source, length, tables, weights, starts, panel],
    ],
    scratch: scratch.size,
  };
}

interface Sizes {
  readonly batch: number;
  /** Of one group. */
  readonly channels: number;
  readonly filters: number;
  readonly image: Size;
  readonly kernel: Size;
  readonly output: Size;
}

function sizesOf(x: Shape, W: Shape, y: Shape, groups: number): Sizes {
  return {
    batch: x[0]!,
    channels: W[1]!,
    filters: W[0]! / groups,
    image: [x[2]!, x[3]!],
    kernel: [W[2]!, W[3]!],
    output: [y[2]!, y[3]!],
  };
}

/** Along one axis of an image: zeros before it, and its size with those. */
interface Border {
  readonly before: number;
  readonly size: number;
}

/** What the windows of a convolution cover. */
function bordersOf({ kernel, output }: Sizes, { stride, padding }: Convolution): readonly [Border, Border] {
  const covered = (axis: 0 | 1): number => (output[axis] - 1) * stride[axis] + kernel[axis];
  return [
    { before: padding.top, size: covered(0) },
    { before: padding.left, size: covered(1) },
  ];
}

/** The words for where the image begins in its border, the size of both, and where in scratch they stand: 0 for without. */
function bordered(image: Size, rows: Border, columns: Border, channels: number, scratch: Scratch): readonly number[] {
  const isInside = [rows, columns].every(({ before, size }, axis) => before === 0 && size <= image[axis]!);
  return isInside
    ? [0, 0, ...image, 0]
    : [rows.before, columns.before, rows.size, columns.size, scratch.take(4 * channels * rows.size * columns.size)];
}

/** Nanoseconds. */
function workOf({ batch, channels, filters, kernel, output }: Sizes): number {
  const columns = batch * Math.ceil((output[0] * output[1]) / 8);
  return columns * kernel[0] * kernel[1] * channels * Math.ceil(filters / 4) * 1.5;
}
