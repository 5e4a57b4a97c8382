// The `key: value` lines of a train or check: which there are, each at most once.

import type { Entry, Expression } from "../ast";
import type { Context } from "./context";
import { rename, suggest } from "./fixes";

export interface EntryNames<Name extends string> {
  readonly body: "train" | "check";
  readonly known: readonly Name[];
}

/** The values by key; unknown and doubled keys are reported and left out. */
export function readEntries<Name extends string>(
  context: Context,
  entries: readonly Entry[],
  { body, known }: EntryNames<Name>,
): ReadonlyMap<Name, Expression> {
  const found = new Map<Name, Entry>();
  for (const entry of entries) {
    const { name, range } = entry.key;
    if (name === "") continue;
    const key = known.find((candidate) => candidate === name);
    if (key === undefined) {
      const suggestion = suggest(context, name, known);
      const fixes = rename(range, suggestion);
      context.reporter.report("unknown-entry", range, [body, name, suggestion], { fixes });
    } else if (found.has(key)) {
      const related = [{ range: found.get(key)!.range, message: `${name} is given here` }];
      context.reporter.report("duplicate-entry", range, [name], { related });
    } else {
      found.set(key, entry);
    }
  }
  return new Map([...found].map(([key, { value }]) => [key, value]));
}

/** `ok` is false when something is written and wrong. */
export interface Read<T> {
  readonly ok: boolean;
  readonly value: T | undefined;
}

/** `take` gives undefined after reporting what is wrong. */
export function readEntry<T>(written: Expression | undefined, take: (value: Expression) => T | undefined): Read<T> {
  if (written === undefined) return { ok: true, value: undefined };
  const value = take(written);
  return { ok: value !== undefined, value };
}
