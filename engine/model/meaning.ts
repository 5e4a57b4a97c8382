// What a part of a Module computes, whatever its text looks like. Tells whether what was trained or checked is still what
// is written, and whether a training goes on or begins anew: worker and editor must agree about that.

const notMeant = new Set([
  "range",
  "nameRange",
  "titleRange",
  "sourceRange",
  "argumentRanges",
  "documentation",
  "title",
  // When a training is written down does not change what it computes.
  "checkpoint",
]);

/** Equal for two parts that compute the same: places in the text, titles and comments do not count. */
export function meaningOf(part: object): string {
  return JSON.stringify(part, (key, value: unknown) => {
    if (notMeant.has(key)) return undefined;
    return value instanceof Float64Array ? [...value] : value;
  });
}
