// What this version can run. Lowering is asked with a small text, so that whatever it learns is offered from then on.

import { analyze } from "../analyze";

const asked = new Map<string, boolean>();

/** Whether lowering takes a text without saying that a part of it is planned or unknown. */
export function canRun(text: string): boolean {
  const known = asked.get(text);
  if (known !== undefined) return known;
  const refused = ["not-supported", "unknown-entry", "unknown-layer", "unknown-function"];
  const answer = !analyze(text).diagnostics.some(({ code }) => refused.includes(code));
  asked.set(text, answer);
  return answer;
}

const network = "network N(x) {\n  y = x + 1\n  return y\n}\ntrain N on D as T {\n}\n";

export function runsSetting(body: "train" | "check", name: string): boolean {
  return canRun(
    body === "train"
      ? `${network}train N on D as U {\n${name}: 1\n}`
      : `${network}check "" on N(x: 1) {\n${name}: 1\n}`,
  );
}

export function runsInExpect(formula: string): boolean {
  return canRun(`${network}check "" on N(x: 1) {\nexpect ${formula} == 1\n}`);
}

export function runsDeclaration(kind: "import" | "block" | "after"): boolean {
  if (kind === "import") return canRun('import "a.nnet"');
  if (kind === "block") return canRun("block B(x) {\n  return x\n}\nnetwork N(x) {\n  return x -> B\n}");
  return canRun(`${network}check "" after T {\n}`);
}

export function runsLossExpression(): boolean {
  return canRun(`${network}train N on D as U {\nloss: mean((y - target)^2)\n}`);
}
