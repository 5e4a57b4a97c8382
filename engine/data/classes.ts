// When numbers in a target are classes.

export const mostClasses = 1000;

/** Names "0" … "k" when the numbers are integers, each of 0 … k occurs and k + 1 is at most 1000; otherwise undefined. */
export function classesOfIntegers(targets: Float64Array): string[] | undefined {
  const seen = new Set(targets);
  if (seen.size > mostClasses || seen.size < 2) return undefined;
  for (const value of seen) {
    if (!Number.isInteger(value) || value < 0 || value >= seen.size) return undefined;
  }
  return Array.from({ length: seen.size }, (_, index) => String(index));
}

/** Texts → indices into their alphabetical order. */
export function indexClasses(texts: readonly string[]): {
  readonly data: Float64Array;
  readonly classes: readonly string[];
} {
  const classes = [...new Set(texts)].sort();
  const index = new Map(classes.map((name, position) => [name, position]));
  return { data: Float64Array.from(texts, (text) => index.get(text)!), classes };
}
