// Numbers → colours. A diverging scale has the background at 0 and one colour for each sign; a sequential one goes from the
// background to one colour. Colours are the theme's, mixed in sRGB.

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Scale {
  readonly kind: "diverging" | "sequential";
  readonly low: number;
  readonly high: number;
}

export interface Palette {
  readonly background: Rgb;
  readonly positive: Rgb;
  readonly negative: Rgb;
}

/** Both signs alike around 0 when there are both or only negative ones, else from 0 to the largest. Only finite numbers count. */
export function scaleOf(numbers: Iterable<number>): Scale {
  let [low, high] = [0, 0];
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  if (low === 0) return { kind: "sequential", low, high: high === 0 ? 1 : high };
  const largest = Math.max(-low, high);
  return { kind: "diverging", low: -largest, high: largest };
}

/** Red, green, blue and opacity of each number, one after another. What is not finite stays clear: it has marks (`marks.ts`). */
export function colorsOf(
  numbers: Float64Array,
  { kind, low, high }: Scale,
  palette: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const { background } = palette;
  const pixels = new Uint8ClampedArray(4 * numbers.length);
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (!Number.isFinite(number)) continue;
    const far = number < 0 && kind === "diverging" ? palette.negative : palette.positive;
    const share = kind === "diverging" ? Math.abs(number) / high : (number - low) / (high - low);
    const part = Math.min(1, Math.max(0, share));
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * at + channel] = background[channel]! + (far[channel]! - background[channel]!) * part;
    }
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}
