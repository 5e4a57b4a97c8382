// After an edit most of a diagram is what it was. What is equal stays the same object, so that nothing is drawn again.

/** `after`, with the parts of `before` that are equal to its own. Of its fields those are looked at that are lists of things with an id. */
export function reused<T extends object>(before: T | undefined, after: T): T {
  if (before === undefined) return after;
  const same = Object.entries(after).map(([key, value]: [string, unknown]) => {
    const old: unknown = before[key as keyof T];
    return [key, Array.isArray(value) && Array.isArray(old) ? reusedItems(old, value) : value];
  });
  return Object.fromEntries(same) as T;
}

function reusedItems(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const known = new Map(before.map((item) => [idOf(item), item]));
  return after.map((item) => {
    const old = known.get(idOf(item));
    return isEqual(old, item) ? old : item;
  });
}

function idOf(item: unknown): unknown {
  return typeof item === "object" && item !== null && "id" in item ? item.id : item;
}

/** Of plain data. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => isEqual(one[key as keyof typeof one], other[key as keyof typeof other]));
}
