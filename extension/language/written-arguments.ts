// The arguments of a call as they are written: which of them is meant by a name, and where another one goes.

import type { TextEdit } from "../../engine/protocol/diagnostic";
import type { Argument, CallExpression, NameExpression } from "./ast";

/** `known` are all that the call can be given, in their order; `written` leaves inputs out. */
export function argumentNamed(
  written: readonly Argument[],
  known: readonly { readonly name: string }[],
  name: string,
): Argument | undefined {
  const firstNamed = written.findIndex((argument) => argument.name !== undefined);
  const positional = firstNamed < 0 ? written : written.slice(0, firstNamed);
  return (
    written.find((argument) => argument.name?.name === name) ??
    positional[known.findIndex((argument) => argument.name === name)]
  );
}

/** Writes one more argument, `rate: 0.1`, behind the others; undefined when the call's parenthesis is not closed. */
export function argumentAdded(
  text: string,
  call: CallExpression | NameExpression,
  argument: string,
): TextEdit | undefined {
  const { end } = call.range;
  if (call.kind === "name") return { range: { start: end, end }, newText: `(${argument})` };
  if (text[end - 1] !== ")") return undefined;
  const isFirst = /[(,]\s*$/.test(text.slice(call.callee.range.end, end - 1));
  return { range: { start: end - 1, end: end - 1 }, newText: `${isFirst ? "" : ", "}${argument}` };
}
