// What this version can run. Lowering is asked with a small text, so that whatever it learns is offered from then on.

import { analyze } from "../analyze";

const asked = new Map<string, boolean>();

/** Whether lowering takes a text without saying that a part of it is planned or unknown. */
export function canRun(text: string): boolean {
  const known = asked.get(text);
  if (known !== undefined) return known;
  const refused = [
    "not-supported",
    "unknown-entry",
    "after-entry",
    "after-training",
    "unknown-layer",
    "unknown-function",
  ];
  const answer = !analyze(text).diagnostics.some(({ code }) => refused.includes(code));
  asked.set(text, answer);
  return answer;
}

const network = "network N(x) {\n  param W = 1\n  y = x * W\n  return y\n}\ntrain N on D as T {\n}\n";

/** A train, a check of given inputs, a check of what a training has learnt. */
export type Body = "train" | "check" | "after";

const heads: { readonly [B in Body]: string } = {
  train: "train N on D as U",
  check: 'check "" on N(x: 1)',
  after: 'check "" after T',
};

export function runsSetting(body: Body, name: string): boolean {
  return runsIn(body, `${name}: 1`);
}

/** Whether a statement, or a part of one, has a place in a body. */
export function runsIn(body: Body, line: string): boolean {
  return canRun(`${network}${heads[body]} {\n${line}\n}`);
}

export function runsDeclaration(kind: "import" | "block" | "after"): boolean {
  if (kind === "import") return canRun('import "a.nnet"');
  if (kind === "block") return canRun("block B(x) {\n  return x\n}\nnetwork N(x) {\n  return x -> B\n}");
  return canRun(`${network}check "" after T {\n}`);
}

export function runsLossExpression(): boolean {
  return canRun(`${network}train N on D as U {\nloss: mean((y - target)^2)\n}`);
}
