// The largest numbers of windows of images, as instructions. H W height and width of x, I J of y.

import type { Pooling } from "../../model/ops/pooling";
import type { Shape } from "../../protocol/array";
import type { Emitter } from "../emitter";
import type { Instruction } from "../instruction";
import { Opcode } from "../opcodes";
import type { View } from "../view";

const maxPool2d: Emitter<Pooling> = {
  emit: (y, [x], pooling) => windowed(Opcode.maxPool2d, y, x!, y, y.shape, pooling),
};

const largest2d: Emitter<Pooling> = {
  emit: (y, [x], pooling) => windowed(Opcode.largest2d, y, x!, y, y.shape, pooling),
};

/** The gradient of `maxPool2d`: dy [N, C, I, J] and x give what `spreadAt` makes of dy and `largest2d` of x. */
const maxPool2dGradient: Emitter<Pooling> = {
  emit: (dx, [dy, x], pooling) => windowed(Opcode.maxPool2dGradient, dx, x!, dy!, dy!.shape, pooling),
};

const takeAt: Emitter = {
  emit: (y, [x, positions]) => placed(Opcode.takeAt, y, x!, positions!, x!.shape),
};

const spreadAt: Emitter = {
  emit: (dx, [dy, positions]) => placed(Opcode.spreadAt, dx, dy!, positions!, dx.shape),
};

export const pooling: Readonly<Record<string, Emitter>> = {
  maxPool2d,
  largest2d,
  maxPool2dGradient,
  takeAt,
  spreadAt,
};

function windowed(
  opcode: Opcode,
  result: View,
  x: View,
  dy: View,
  output: Shape,
  { window, stride, padding }: Pooling,
): Instruction {
  const [, , height, width] = x.shape as readonly [number, number, number, number];
  const [batch, channels, rows, columns] = output as readonly [number, number, number, number];
  const isByTwo = [...window, ...stride].every((size) => size === 2);
  const isInside = padding.top === 0 && padding.left === 0 && 2 * rows <= height && 2 * columns <= width;
  const isPairs = isByTwo && isInside;
  return {
    opcode,
    units: batch * channels,
    work: batch * channels * rows * columns * (isPairs ? 1 : 10 + 2 * window[0] * window[1]),
    words: [
      ...[{ at: result }, { at: x }, { at: dy }],
      ...[height, width, rows, columns, ...window, ...stride, padding.top, padding.left, isPairs ? 1 : 0],
    ],
  };
}

/** `image` has the shape whose positions are meant. */
function placed(opcode: Opcode, result: View, from: View, positions: View, image: Shape): Instruction {
  const [batch, channels, rows, columns] = positions.shape as readonly [number, number, number, number];
  return {
    opcode,
    units: batch * channels,
    work: 2 * batch * channels * (rows * columns + image[2]! * image[3]! * 0.1),
    words: [{ at: result }, { at: from }, { at: positions }, image[2]! * image[3]!, rows * columns],
  };
}
