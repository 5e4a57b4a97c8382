// A palette's entries that fit what is searched for, by category.

import type { PaletteEntry } from "../../engine/protocol/editing";

export interface FoundCategory {
  readonly category: string;
  readonly entries: readonly PaletteEntry[];
}

/** Names that begin with it first, then names that contain it, then summaries and categories; categories keep their order. */
export function foundEntries(entries: readonly PaletteEntry[], search: string): readonly FoundCategory[] {
  const wanted = search.trim().toLowerCase();
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry, wanted);
    return rank === undefined ? [] : [{ entry, rank }];
  });
  const categories = new Map<string, { readonly entry: PaletteEntry; readonly rank: number }[]>();
  for (const found of ranked) {
    const known = categories.get(found.entry.category);
    if (known) known.push(found);
    else categories.set(found.entry.category, [found]);
  }
  const best = (found: readonly { readonly rank: number }[]) => Math.min(...found.map(({ rank }) => rank));
  return [...categories]
    .toSorted(([, one], [, other]) => best(one) - best(other))
    .map(([category, found]) => ({
      category,
      entries: found.toSorted((one, other) => one.rank - other.rank).map(({ entry }) => entry),
    }));
}

function rankOf({ call, summary, category }: PaletteEntry, wanted: string): number | undefined {
  const name = call.name.toLowerCase();
  if (wanted === "" || name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  return category.includes(wanted) || summary.toLowerCase().includes(wanted) ? 2 : undefined;
}

/** `Dense(4)`, `Conv2D(3, kernel: 3)`. */
export function callText({ call }: PaletteEntry): string {
  const written = call.arguments.map(({ name, written: text }, index) => (index === 0 ? text : `${name}: ${text}`));
  return written.length === 0 ? call.name : `${call.name}(${written.join(", ")})`;
}
