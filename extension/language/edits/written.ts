// One argument where it is written: read with what it is worth, written anew, added, taken out.

import type { ArgumentDoc, ArgumentValue } from "../../../engine/protocol/catalog";
import type { WrittenArgument } from "../../../engine/protocol/editing";
import type { Range } from "../../../engine/protocol/text";
import type { Argument, CallExpression, Expression, NameExpression } from "../ast";
import { parse } from "../parser";
import { argumentAdded, argumentNamed } from "../written-arguments";
import type { Draft } from "./draft";
import { refuse } from "./refusal";

/** `value` is what lowering made of it. */
export function withWritten(
  doc: ArgumentDoc,
  text: string,
  place: { readonly range: Range } | undefined,
  value: ArgumentValue | undefined,
): WrittenArgument {
  if (place === undefined) return doc;
  const written = text.slice(place.range.start, place.range.end);
  const worth = value === undefined ? undefined : plain(value);
  const isSame = worth === undefined || worth.replaceAll(" ", "") === written.replaceAll(" ", "");
  // A number may be written in several ways: `1e-3`.
  const isNumber = Number(written) === value;
  return { ...doc, written, ...(isSame || isNumber ? {} : { value: worth }) };
}

/** Undefined for what is no number, word or list of them. */
function plain(value: ArgumentValue): string | undefined {
  if (typeof value !== "object") return typeof value === "string" ? JSON.stringify(value) : String(value);
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part: ArgumentValue) => plain(part));
  return parts.includes(undefined) ? undefined : `[${parts.join(", ")}]`;
}

export interface WrittenCallee {
  readonly call: CallExpression | NameExpression;
  /** The arguments it can be given. */
  readonly docs: readonly ArgumentDoc[];
  /** How many of the written arguments are inputs. */
  readonly skip: number;
  readonly title: string;
}

/** Without `written` the argument is taken out. */
export function writeArgument(
  draft: Draft,
  text: string,
  { call, docs, skip, title }: WrittenCallee,
  name: string,
  written: string | undefined,
): void {
  const list = call.kind === "call" ? call.arguments.slice(skip) : [];
  const argument = argumentNamed(list, docs, name);
  if (written === undefined) {
    if (argument === undefined) refuse(`${name} of ${title} is not written: it has its default already.`);
    remove(draft, call as CallExpression, argument!, list, docs);
    return;
  }
  requireOneExpression(written, name);
  if (argument !== undefined) {
    draft.replace(argument.value.range, written);
    return;
  }
  const added = argumentAdded(text, call, `${name}: ${written}`);
  if (!added) refuse(`The call of ${title} has no closing parenthesis: write one first.`);
  draft.replace(added!.range, added!.newText);
}

/** What is written must be one value, and no more than that. */
export function requireOneExpression(written: string, name: string): Expression {
  const { declarations, problems, comments } = parse(`data D = F(value: ${written})`);
  const source = declarations[0]?.kind === "data" ? declarations[0].source : undefined;
  const isOne = source?.kind === "call" && source.arguments.length === 1 && declarations.length === 1;
  if (problems.length > 0 || comments.length > 0 || !isOne || written.trim() === "") {
    return refuse(`"${written}" is no value for ${name}: ${problems[0]?.message ?? "write one number, word or text."}`);
  }
  return source.arguments[0]!.value;
}

/** Arguments behind it that were known by their place are given their names. */
function remove(
  draft: Draft,
  call: CallExpression,
  argument: Argument,
  list: readonly Argument[],
  docs: readonly ArgumentDoc[],
): void {
  const index = call.arguments.indexOf(argument);
  const next = call.arguments[index + 1];
  const previous = call.arguments[index - 1];
  if (argument.name === undefined) {
    for (const [position, other] of list.entries()) {
      if (position > list.indexOf(argument) && other.name === undefined) {
        draft.insert(other.range.start, `${docs[position]!.name}: `);
      }
    }
  }
  if (previous !== undefined) draft.replace({ start: previous.range.end, end: argument.range.end }, "");
  else if (next !== undefined) draft.replace({ start: argument.range.start, end: next.range.start }, "");
  else draft.replace({ start: call.callee.range.end, end: call.range.end }, "");
}
