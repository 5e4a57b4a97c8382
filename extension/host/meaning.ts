// A lowered declaration → a text that is equal for two declarations that compute the same: places and comments are left
// out. Tells whether what was trained or checked is still what is written.

const leftOut = new Set([
  "range",
  "nameRange",
  "titleRange",
  "sourceRange",
  "argumentRanges",
  "documentation",
  "title",
]);

export function meaningOf(declaration: object): string {
  return JSON.stringify(declaration, (key, value: unknown) => {
    if (leftOut.has(key)) return undefined;
    return value instanceof Float64Array ? Array.from(value) : value;
  });
}
