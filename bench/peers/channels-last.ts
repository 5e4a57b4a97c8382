// Images and weights in the order of libraries that keep the channels of a pixel together. B batch, C channels,
// H height, W width, F filters, K kernel.

import type { PeerWorkload } from "../peer-workload";

/** [B, C, H, W] → [B, H, W, C] */
export function channelsLast(
  data: Float32Array,
  [batch, channels, height, width]: readonly [number, number, number, number],
): Float32Array {
  const pixels = height * width;
  return reordered(data, [batch, pixels, channels], (b, pixel, c) => (b * channels + c) * pixels + pixel);
}

/** [F, C, K, K] → [K, K, C, F] */
export function channelsLastFilters(
  data: Float32Array,
  [filters, channels, kernel]: readonly [number, number, number],
): Float32Array {
  const window = kernel * kernel;
  return reordered(data, [window, channels, filters], (place, c, f) => (f * channels + c) * window + place);
}

/** Weights [C·H·W, units] of a dense layer behind an image [C, H, W], its rows as [H, W, C]; behind a vector, the same. */
export function channelsLastRows(data: Float32Array, image: readonly number[], units: number): Float32Array {
  const [channels, height, width] = image;
  if (height === undefined || width === undefined) return data;
  const pixels = height * width;
  return reordered(data, [pixels, channels!, units], (pixel, c, unit) => (c * pixels + pixel) * units + unit);
}

/** What each layer gets, for one sample: [C, H, W] or [features]. What Flatten gets is kept, for the layer behind it. */
export function imageSizes({ inputs, layers }: PeerWorkload): readonly (readonly number[])[] {
  let size: readonly number[] = inputs.shape.slice(1);
  return layers.map((layer) => {
    const before = size;
    const [, height, width] = size;
    if (layer.kind === "dense") size = [layer.units];
    if (layer.kind === "convolution") size = [layer.filters, height!, width!];
    if (layer.kind === "maxPool") size = [size[0]!, Math.floor(height! / layer.size), Math.floor(width! / layer.size)];
    return before;
  });
}

function reordered(
  data: Float32Array,
  [first, second, third]: readonly [number, number, number],
  from: (i: number, j: number, k: number) => number,
): Float32Array {
  const result = new Float32Array(data.length);
  let to = 0;
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      for (let k = 0; k < third; k++) result[to++] = data[from(i, j, k)]!;
    }
  }
  return result;
}
