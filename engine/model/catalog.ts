// Everything that can be called by name, in one place to look it up.

import type { CallableDoc, CallableKind } from "../protocol/catalog";

/** Throws never; undefined when the catalog has no such entry. */
export function documentation(_kind: CallableKind, _name: string): CallableDoc | undefined {
  throw new Error("engine/model is being written");
}

/** All names of a kind, in the order of the reference. */
export function namesOf(_kind: CallableKind): readonly string[] {
  throw new Error("engine/model is being written");
}

/** Names the language has and this version cannot run yet. */
export function isPlanned(_kind: CallableKind, _name: string): boolean {
  throw new Error("engine/model is being written");
}
