// What of a training is shown anywhere in the panel, told to the host, which sends the numbers of nothing else.

import type { ValueId } from "../engine/protocol/network";

export interface Watching {
  /** Something shows the numbers of these, until what is given back is called. */
  readonly watch: (ids: readonly ValueId[]) => () => void;
}

/** `soon` runs when all that comes and goes with one picture has done so. */
export function createWatching(tell: (ids: readonly ValueId[]) => void, soon: (run: () => void) => void): Watching {
  /** How often each is shown. */
  const shown = new Map<ValueId, number>();
  let told: ReadonlySet<ValueId> = new Set();
  let waits = false;
  const tellSoon = () => {
    if (waits) return;
    waits = true;
    soon(() => {
      waits = false;
      const lacksSome = [...shown.keys()].some((id) => !told.has(id));
      // While the view moves nodes go all the time: who is told of few too many need not be told of each.
      if (!lacksSome && 2 * shown.size > told.size) return;
      told = new Set(shown.keys());
      tell([...told]);
    });
  };
  return {
    watch: (ids) => {
      for (const id of ids) shown.set(id, (shown.get(id) ?? 0) + 1);
      tellSoon();
      return () => {
        for (const id of ids) {
          const others = shown.get(id)! - 1;
          if (others > 0) shown.set(id, others);
          else shown.delete(id);
        }
        tellSoon();
      };
    },
  };
}
