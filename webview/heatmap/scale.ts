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

/** Undefined for what is not finite. */
export function colorOf(number: number, { kind, low, high }: Scale, palette: Palette): Rgb | undefined {
  if (!Number.isFinite(number)) return undefined;
  if (kind === "sequential") return mixed(palette.background, palette.positive, (number - low) / (high - low));
  return mixed(palette.background, number < 0 ? palette.negative : palette.positive, Math.abs(number) / high);
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const part = Math.min(1, Math.max(0, share));
  const channel = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * part);
  return [channel(0), channel(1), channel(2)];
}
