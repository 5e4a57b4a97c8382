// How the windows of convolutions and pooling lie on an image: padding as the language writes it → zeros on each side,
// and what is said when an image or a window does not fit.

import { choiceOrInteger, integer } from "./arguments";
import { type Padding, positionsAlong } from "./ops/windows";
import { formatShape, ShapeError } from "./shape";

export type PaddingArgument = "valid" | "same" | number;

const paddings = ["valid", "same"] as const;

export const kernel = integer({ min: 1, summary: "Height and width of the window." });

export const stride = integer({ min: 1, default: 1, summary: "Steps of the window from one place to the next." });

export const padding = choiceOrInteger(paddings, {
  min: 0,
  default: "valid",
  summary:
    "Zeros around the image: valid is none; same is as many as keep the size at stride 1, and make ⌈size / stride⌉ of it at others; a number is so many on each side.",
});

/** [C, H, W] of a sample. Throws ShapeError for anything else. */
export function imageShape(layer: string, sample: readonly number[]): readonly [number, number, number] {
  if (sample.length === 3) return sample as unknown as readonly [number, number, number];
  const [height, width] = sample;
  const what = sample.length === 0 ? "a single number" : formatShape(sample);
  const advice =
    sample.length === 2
      ? ` An image without colors has one channel: -> Reshape([1, ${height}, ${width}]).`
      : sample.length === 1
        ? ` -> Reshape([channels, height, width]) makes an image of ${height} numbers.`
        : "";
  throw new ShapeError(`${layer} needs an image [channels, height, width], but gets ${what}.${advice}`);
}

/**
 * Zeros on each side. With `same` the odd one is put below and to the right, as in Keras, ONNX (`SAME_UPPER`) and, at
 * stride 1, PyTorch.
 */
export function paddingOf(
  argument: PaddingArgument,
  [height, width]: readonly [number, number],
  [windowHeight, windowWidth]: readonly [number, number],
  stride: number,
): Padding {
  if (argument === "valid") return { top: 0, bottom: 0, left: 0, right: 0 };
  if (argument !== "same") return { top: argument, bottom: argument, left: argument, right: argument };
  const missing = (size: number, window: number) =>
    Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
  const [vertical, horizontal] = [missing(height, windowHeight), missing(width, windowWidth)];
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return { top, bottom: vertical - top, left, right: horizontal - left };
}

/** Throws ShapeError when a square window does not fit into the padded image. */
export function checkFit(
  layer: string,
  sample: readonly [number, number, number],
  window: number,
  { top, bottom, left, right }: Padding,
): void {
  const [, height, width] = sample;
  const fits = (size: number, zeros: number) => positionsAlong(size, window, 1, zeros) >= 1;
  if (fits(height, top + bottom) && fits(width, left + right)) return;
  const padded = top > 0 ? ` with its padding of ${top}` : "";
  throw new ShapeError(
    `${layer}: a window of ${window} × ${window} does not fit into ${formatShape(sample)}, an image of ${height} × ${width}${padded}. Make the window smaller, or write padding: same.`,
  );
}
