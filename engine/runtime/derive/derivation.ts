// What a derivation consists of, before it is printed: steps with formula and numbers, in the order of the calculation.

import type { NdArray } from "../../protocol/array";
import type { ValueId } from "../../protocol/network";
import type { ExpectationReport } from "../../protocol/snapshot";
import type { Expression } from "./expression";
import type { Name } from "./symbols";

export interface Derivation {
  readonly title: string;
  /** Of the check and its network, as comments say it. */
  readonly documentation: readonly string[];
  readonly network: string;
  /** What the network returns, its first output. */
  readonly output: Name;
  readonly batchSize: number;
  readonly singleSample: boolean;
  readonly given: readonly Given[];
  readonly parts: readonly Part[];
  /** Expectations about nothing that has a step of its own. */
  readonly others: readonly ExpectationReport[];
  readonly expectations: readonly ExpectationReport[];
  /** What is left out of the page, and why. */
  readonly omitted?: string;
}

/** What the calculation begins with. */
export interface Given {
  readonly role: "input" | "parameter" | "constant" | "target" | "upstream";
  readonly name: Name;
  readonly value: NdArray;
  readonly expectations: readonly ExpectationReport[];
}

export type PartKind = "forward" | "loss" | "backward" | "update";

export interface Part {
  readonly kind: PartKind;
  /** How many optimizer updates came before. */
  readonly updates: number;
  /** LaTeX and prose, as Markdown. */
  readonly introduction: string;
  readonly steps: readonly DerivationStep[];
}

/** One line of the calculation: a name, the formula that gives it, and its numbers. */
export interface DerivationStep {
  readonly kind: "value" | "loss" | "gradient" | "memory" | "update";
  readonly id: ValueId;
  readonly target: Name;
  /** The stage as written: `H1 = X @ W1`; empty for what is not written by the user. */
  readonly source: string;
  /** The general rule it follows, LaTeX; empty when the formula itself is the rule. */
  readonly rule: string;
  readonly ruleName: string;
  /** Undefined where the formula is too long for a page: then the rule stands for it. */
  readonly formula: Expression | undefined;
  /** The whole formula, for whoever computes; it gives `result`. */
  readonly expression: Expression;
  /** As the engine has it. */
  readonly result: NdArray;
  /** Another way to the same result. */
  readonly shortcut?: Expression;
  readonly expectations: readonly ExpectationReport[];
}
