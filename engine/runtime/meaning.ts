// What a part of a Module computes, whatever its text looks like.

const notMeant = new Set(["range", "nameRange", "sourceRange", "argumentRanges", "documentation"]);

/** Equal for two that compute the same: places in the text and comments do not count. */
export function meaningOf(part: object): string {
  return JSON.stringify(part, (key, value: unknown) => {
    if (notMeant.has(key)) return undefined;
    return value instanceof Float64Array ? [...value] : value;
  });
}
