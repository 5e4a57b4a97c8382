// Numbers that stand for one of several things: classes, rows of a table.

/** Throws RangeError when the number is not an integer from 0 to count − 1. */
export function expectIndex(index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`There is no class or index ${index}: ${count} are numbered 0 to ${count - 1}.`);
  }
}
