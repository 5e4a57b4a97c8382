// Something new that takes several values: an operator between two of them, `a + b`, or a call behind all, `(a, b) -> Concat`.

import type { BinaryOperator, Expression } from "../ast";
import { operatorFunctions, precedences, signPrecedence } from "../operators";
import { type Addition, moved } from "./draft";

/** Values by their names, in front of what comes to the place and behind it. */
interface Others {
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

export type Joined = Others &
  (
    | { readonly kind: "operator"; readonly operator: BinaryOperator }
    | { readonly kind: "tuple"; readonly callee: string; readonly arguments: string }
  );

/** What is written around the value that comes to a place, and what of that is new. */
export interface Around {
  readonly open: string;
  readonly close: string;
  /** Where the new thing stands in `open` or in `close`. */
  readonly mark: { readonly in: "open" | "close"; readonly addition: Addition };
}

/** `operand` is what comes to the place, as it stands there; its parentheses, if it has any, are `isWrapped`. */
export function around(joined: Joined, operand: Expression, isWrapped: boolean): Around {
  if (joined.kind === "tuple") {
    const { open, close } = tupleAround(joined);
    const lead = close.indexOf("->");
    const addition: Addition = { kind: "stages", range: { start: lead, end: close.length } };
    return { open, close, mark: { in: "close", addition } };
  }
  const { operator } = joined;
  const [term] = joined.before;
  const needsOwn = !isWrapped && !bindsTighter(operand, operator, term === undefined ? "left" : "right");
  if (term === undefined) {
    const close = `${needsOwn ? ")" : ""} ${operator} ${joined.behind[0]}`;
    const addition = { kind: "operator", operator, at: close.indexOf(operator) } as const;
    return { open: needsOwn ? "(" : "", close, mark: { in: "close", addition } };
  }
  const addition = { kind: "operator", operator, at: term.length + 1 } as const;
  return {
    open: `${term} ${operator} ${needsOwn ? "(" : ""}`,
    close: needsOwn ? ")" : "",
    mark: { in: "open", addition },
  };
}

/** Of a value with a name. */
export function joinedText(joined: Joined, name: string): { readonly text: string; readonly mark: Addition } {
  const operand = { kind: "name", name, range: { start: 0, end: 0 } } as const;
  const { open, close, mark } = around(joined, operand, false);
  const text = `${open}${name}${close}`;
  return { text, mark: mark.in === "open" ? mark.addition : moved(mark.addition, open.length + name.length) };
}

/** As a stage of its own, where that says the same: a term of a sum may stand on either side. */
export function joinedStage(joined: Joined): string | undefined {
  if (joined.kind === "tuple") return undefined;
  const term = joined.behind[0] ?? (joined.operator === "+" ? joined.before[0] : undefined);
  return term === undefined ? undefined : `-> ${operatorFunctions[joined.operator]}(${term})`;
}

function tupleAround({ before, behind, callee, arguments: given }: Extract<Joined, { kind: "tuple" }>) {
  const lead = before.map((name) => `${name}, `).join("");
  const rest = behind.map((name) => `, ${name}`).join("");
  return { open: `(${lead}`, close: `${rest}) -> ${callee}${given === "" ? "" : `(${given})`}` };
}

/** Whether an expression needs no parentheses to stand on one side of an operator. */
function bindsTighter(expression: Expression, operator: BinaryOperator, side: "left" | "right"): boolean {
  const own = precedences[operator];
  if (expression.kind === "pipeline") return false;
  if (expression.kind !== "binary" && expression.kind !== "unary") return true;
  const tightness = expression.kind === "unary" ? signPrecedence : precedences[expression.operator];
  return side === "left" && operator !== "^" ? tightness >= own : tightness > own;
}
