// What many timings tell.

/** Throws when there are none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A tenth of the values are at most this: what a step takes when nothing else wants the processor. */
export function bestDecile(values: readonly number[]): number {
  return quantile(values, 0.1);
}

/** Linear between the two nearest values. Throws when there are none. */
export function quantile(values: readonly number[], fraction: number): number {
  if (values.length === 0) throw new Error("nothing was timed");
  const sorted = [...values].sort((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (position - Math.floor(position)) * (high - low);
}
