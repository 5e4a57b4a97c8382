// A sample as a picture: images as they are, the numbers of a list side by side (a list of n² numbers in n rows).

import { useEffect, useRef } from "react";
import type { NdArray } from "../../engine/protocol/array";
import { formatNumber } from "../numbers";

interface SamplePictureProps {
  readonly input: NdArray;
  readonly label: string;
}

const mostInWords = 4; // Numbers that say more as words than as grey.

export function SamplePicture({ input, label }: SamplePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = pictureShape(input);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, input, picture);
  }, [input, picture]);
  if (input.data.length <= mostInWords)
    return <span className="sample-numbers">{[...input.data].map(formatNumber).join(", ")}</span>;
  return (
    <canvas
      className="sample-picture"
      ref={canvas}
      width={picture.width}
      height={picture.height}
      role="img"
      aria-label={label}
    />
  );
}

export interface PictureShape {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** Channels first; of other than three channels the first is shown. */
export function pictureShape({ shape, data }: NdArray): PictureShape {
  if (shape.length === 3) return { channels: shape[0] === 3 ? 3 : 1, height: shape[1]!, width: shape[2]! };
  if (shape.length === 2) return { channels: 1, height: shape[0]!, width: shape[1]! };
  const side = Math.sqrt(data.length);
  return Number.isInteger(side)
    ? { channels: 1, height: side, width: side }
    : { channels: 1, height: 1, width: data.length };
}

/** Black is the smallest number of the sample, white its largest. */
function draw(canvas: HTMLCanvasElement, { data }: NdArray, { channels, height, width }: PictureShape): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const [low, high] = data.reduce(
    ([a, b], number) => [Math.min(a, number), Math.max(b, number)],
    [Infinity, -Infinity],
  );
  const image = context.createImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    const grey = (channel: number) => (255 * (data[channel * width * height + at]! - low!)) / (high! - low! || 1);
    image.data.set([grey(0), grey(channels === 3 ? 1 : 0), grey(channels === 3 ? 2 : 0), 255], 4 * at);
  }
  context.putImageData(image, 0, 0);
}
