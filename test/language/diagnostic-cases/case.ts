// A text and what is said of it; and whole files around the part that matters.

import type { DataDescription } from "../../../engine/protocol/data";
import type { Code } from "../../../extension/language/diagnostics";

export interface Case {
  /** «…» stands around the diagnostic's range, unless it is empty. */
  readonly text: string;
  readonly says: string;
  readonly data?: DataDescription;
  /** Messages of the related places. */
  readonly related?: readonly string[];
  /** The text after the first fix. */
  readonly fixed?: string;
}

export type Cases = { readonly [C in Code]?: readonly Case[] };

export const body = (statements: string): string => `network Net(x: [4], n: int = 2) {\n${statements}\n}`;
export const net = "network Net(x: [2]) {\n  return x -> Dense(3) as h -> Softmax\n}\n";
export const twoInputs = "block Both(a, b) {\n  return a + b\n}\n";
export const codeAndRest = "block Split(x) {\n  return { code: x * 2, rest: x }\n}\n";
export const points = "data Points = Spiral\n";
export const train = (entries: string, head = "train Net on Points"): string =>
  `${points}${net}${head} {\n${entries}\n}`;
export const goodEntries = "loss: CrossEntropy\noptimizer: SGD(rate: 0.1)";
export const check = (statements: string, inputs = "x: [1, 2]"): string =>
  `${net}check "it works" on Net(${inputs}) {\n${statements}\n}`;
export const ready = (summary: Partial<Extract<DataDescription, { kind: "ready" }>["summary"]>): DataDescription => ({
  kind: "ready",
  summary: { samples: 9, inputShape: [2], targetShape: [], ...summary },
});
