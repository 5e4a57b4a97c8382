// What a gesture writes into a text, for tests: the network N with a body, and gestures in few words.

import type { EditPlace, Gesture } from "../../engine/protocol/edit-intent";
import { analyze } from "../../extension/language/analyze";
import { editsFor } from "../../extension/language/edits";
import { withEdits } from "../../extension/language/rename";

export type Case = readonly [what: string, text: string, gesture: Gesture, expected: string];

/** The text after a gesture in the network N, or why it is refused. */
export function edited(text: string, gesture: Gesture, network = "N"): string {
  const result = editsFor(analyze(text), { ...gesture, network });
  return result.kind === "refused" ? result.message : withEdits(text, result.edits);
}

export const net = (body: string): string => `network N(x: [4], size: int = 3) {\n${body}\n}\n`;

export const call = (name: string, given: Readonly<Record<string, string>> = {}) => ({
  name,
  arguments: Object.entries(given).map(([argument, written]) => ({ name: argument, written })),
});

export const insert = (at: EditPlace, name = "ReLU", given: Readonly<Record<string, string>> = {}): Gesture => ({
  kind: "insert",
  call: call(name, given),
  at,
});

/** With values in front of the one at the place, or behind it. */
export const join = (
  name: string,
  at: EditPlace,
  others: { readonly before?: readonly string[]; readonly behind?: readonly string[] },
): Gesture => ({ kind: "insert", call: call(name), at, others: { before: [], behind: [], ...others } });

export const onEdge = (value: string, input = 0): EditPlace => ({
  kind: "edge",
  edge: { kind: "input", value, input },
});
export const onOutput: EditPlace = { kind: "edge", edge: { kind: "output", name: "output" } };
export const behind = (value: string): EditPlace => ({ kind: "after", value });
export const inFrontOf = (value: string): EditPlace => ({ kind: "before", value });
export const branch = (value: string): EditPlace => ({ kind: "branch", value });

export const rewire = (value: string, input: number, from: string): Gesture => ({
  kind: "rewire",
  edge: { kind: "input", value, input },
  from,
});
export const connect = (from: string, to: string): Gesture => ({ kind: "connect", from, to });
export const remove = (...values: string[]): Gesture => ({ kind: "delete", values });
/** An input takes its place. */
export const removeFor = (value: string, instead: number): Gesture => ({ kind: "delete", values: [value], instead });
export const argument = (value: string, name: string, written?: string): Gesture =>
  written === undefined ? { kind: "argument", value, name } : { kind: "argument", value, name, written };
