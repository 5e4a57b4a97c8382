// Whole files around the part of an example that matters, and words for what is said of many names.

import type { Explanation } from "../explanation";

export const network = (body: string, inputs = "x: [4]"): string => `network Net(${inputs}) {\n  ${body}\n}\n`;

interface TrainText {
  readonly entries?: string;
  readonly head?: string;
  readonly stages?: string;
  readonly source?: string;
  readonly inputs?: string;
}

export const train = ({
  entries = "loss: CrossEntropy\n  optimizer: SGD",
  head = "Net on Points",
  stages = "-> Dense(3) as h -> Softmax",
  source = "Spiral",
  inputs = "x: [2]",
}: TrainText = {}): string =>
  `data Points = ${source}\n\n${network(`return x ${stages}`, inputs)}\ntrain ${head} {\n  ${entries}\n}\n`;

export const check = (lines: string, inputs = "x: [1, 2]"): string =>
  `network Net(x: [2]) {\n  return x -> Dense(3) as h -> Softmax\n}\n\ncheck "it works" on Net(${inputs}) {\n  ${lines}\n}\n`;

export const after = (lines: string): string => `${train()}\ncheck "it has learnt" after Net {\n  ${lines}\n}\n`;

export const names = (what: string, where: string): Pick<Explanation, "means" | "repair"> => ({
  means: `There is no ${what} of this name${where}.`,
  repair: "If one is spelled nearly so, the quick fix writes it. Completion (Ctrl+Space) lists all there are.",
});
