// What is known of the explanations' examples before the page about them is written: reading data and training take time.

import type { DataDescription } from "../engine/protocol/data";
import { describeAll } from "./describe";
import type { Explanation } from "./explanation";
import { type Trained, trained } from "./trained";

/** What the data sources of the examples give; by their text. */
export type Describe = (source: { readonly name: string; readonly arguments: unknown }) => DataDescription | undefined;

export interface Known {
  readonly describe: Describe;
  /** How the examples that have to run have ended, and these as they should be. */
  readonly trained: ReadonlyMap<string, Trained>;
}

export async function knownOf(explanations: readonly Explanation[]): Promise<Known> {
  const examples = explanations.flatMap(({ example }) => example ?? []);
  const running = explanations.flatMap(({ example, mended }) => (example && mended ? [example, mended] : []));
  const ends = running.map(async (text) => [text, await trained(text)] as const);
  return { describe: await describeAll(examples), trained: new Map(await Promise.all(ends)) };
}
