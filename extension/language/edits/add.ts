// Writing something new between a value and what uses it: a stage where a pipeline flows, a call around an expression,
// what it is joined with. A pipeline that must be split becomes two statements where it stands, so that its comments stay.

import type { Expression, PipelineExpression } from "../ast";
import type { Body, Operand, Slot } from "./body";
import { type Addition, type Draft, moved } from "./draft";
import { around, type Joined, joinedStage, joinedText } from "./joined";
import { refuse } from "./refusal";
import { type Scene, wordOf } from "./scene";

/** What is added. */
export type New =
  | { readonly kind: "call"; readonly callee: string; readonly arguments: string }
  /** `-> A as a -> B(1)`, and what its last stage is called, if anything. */
  | { readonly kind: "chain"; readonly stages: string; readonly name?: string }
  | Joined;

type Piped = Exclude<New, Joined>;

export function isJoined(added: New): added is Joined {
  return added.kind === "operator" || added.kind === "tuple";
}

/** With the name of the last one. */
export function namedStagesOf(added: Piped): string {
  const named = added.kind === "chain" && added.name !== undefined;
  return named ? `${stagesOf(added)} as ${added.name}` : stagesOf(added);
}

/** Without a name for the last one. */
export function stagesOf(added: Piped): string {
  if (added.kind === "chain") return added.stages;
  return `-> ${added.callee}${added.arguments === "" ? "" : `(${added.arguments})`}`;
}

/** What computes something new from a value with a name. */
export function computedFrom(name: string, added: New): { readonly text: string; readonly mark: Addition } {
  if (isJoined(added)) return joinedText(added, name);
  const text = `${name} ${stagesOf(added)}`;
  return { text, mark: { kind: "stages", range: { start: 0, end: text.length } } };
}

/** Puts something new on what comes to an operand. */
export function addTo(scene: Scene, draft: Draft, body: Body, operand: Operand, added: New): void {
  const flow = asFlow(operand);
  if (flow === undefined) addToExpression(draft, body, (operand as Extract<Operand, { kind: "slot" }>).slot, added);
  else if (!isJoined(added)) draft.insertStages(body, flow.pipeline, flow.before, namedStagesOf(added));
  else if (flow.before === 0) joinSource(draft, body, flow.pipeline, added);
  else if (isSplittable(body, flow.slot)) {
    const isLast = flow.before === flow.pipeline.stages.length;
    split(scene, draft, body, flow, (name) => {
      const { text, mark } = joinedText(added, name);
      return isLast || added.kind === "tuple" ? { text, mark } : { text: `(${text})`, mark: moved(mark, 1) };
    });
  } else joinInPlace(draft, body, flow, added);
}

export type Flow = Extract<Operand, { kind: "flow" }>;

/** What comes out of a pipeline, or goes into one, is added to by stages. */
export function asFlow(operand: Operand): Flow | undefined {
  if (operand.kind === "flow") return operand;
  const { slot } = operand;
  if (slot.begins && slot.expression.kind !== "tuple") return { kind: "flow", before: 0, ...slot.begins };
  const { expression } = slot;
  return expression.kind === "pipeline"
    ? { kind: "flow", pipeline: expression, before: expression.stages.length, slot }
    : undefined;
}

/** Whether a pipeline is a statement of its own, so that it can become two. */
export function isSplittable(body: Body, slot: Slot): boolean {
  return slot.whole && !body.isParenthesized(slot);
}

/**
 * `return x -> A -> B` becomes `a = x -> A` and `return s -> B`, with a new source s made from the name of what was
 * split off; `mark` says what of it is new, if anything is.
 */
export function split(
  scene: Scene,
  draft: Draft,
  body: Body,
  { pipeline, before, slot }: Flow,
  sourceFor: (name: string) => { readonly text: string; readonly mark?: Addition; readonly statement?: string },
): void {
  const { statement } = slot;
  const headRange = { start: statement.range.start, end: pipeline.range.start };
  const head = body.textOf(headRange);
  const name = bindPiece(scene, draft, body, pipeline, before);
  draft.replace(headRange, `${name} = `);
  const lead = draft.lineEnd + draft.indentOf(statement.range.start);
  const { text, mark, statement: middle } = sourceFor(name);
  const first = middle === undefined ? "" : lead + middle;
  const newText = `${first}${lead}${head}${text}`;
  const offset = middle === undefined ? lead.length + head.length : lead.length;
  const end = body.pieceEnd(pipeline, before);
  const next = pipeline.stages[before];
  const at = next && draft.lineStart(next.range.start) === undefined ? end : draft.behindComment(end);
  draft.insert(at, newText, mark && moved(mark, offset));
}

/** The name of what comes out of a piece of a pipeline once that is a statement of its own; takes out its `as`. */
export function bindPiece(
  scene: Scene,
  draft: Draft,
  body: Body,
  { stages, source }: PipelineExpression,
  before: number,
): string {
  const stage = stages[before - 1];
  if (stage === undefined) return scene.fresh(body, wordOf(source));
  if (stage.alias === undefined || stage.alias.name === "") {
    return scene.fresh(body, wordOf(stage.call));
  }
  const { start, end } = stage.alias.range;
  const as = /\s*\bas\s*$/.exec(body.text.slice(stage.range.start, start))![0].length;
  draft.replace({ start: start - as, end }, "");
  return stage.alias.name;
}

function joinSource(draft: Draft, body: Body, pipeline: PipelineExpression, joined: Joined): void {
  const { source } = pipeline;
  const { start } = pipeline.range;
  const end = body.pieceEnd(pipeline, 0);
  joinAround(draft, { start, end }, joined, source, { isWrapped: start < source.range.start, inParentheses: true });
}

/** In the middle of a pipeline that stands inside of an expression; `name` is what the new value is called there. */
export function joinInPlace(draft: Draft, body: Body, flow: Flow, joined: Joined, name?: string): void {
  const { pipeline, before } = flow;
  const stage = joinedStage(joined);
  const as = name === undefined ? "" : ` as ${name}`;
  if (stage !== undefined) {
    draft.insertStages(body, pipeline, before, `${stage}${as}`);
    return;
  }
  if (joined.kind === "operator" && name !== undefined) {
    refuse(
      `What "${joined.operator}" gives would need a name inside of an expression: give it a statement of its own.`,
    );
  }
  const range = { start: pipeline.range.start, end: body.pieceEnd(pipeline, before) };
  joinAround(draft, range, joined, pipeline, { isWrapped: false, inParentheses: true, as });
}

interface Joining {
  /** Whether what it is put around has parentheses. */
  readonly isWrapped: boolean;
  /** Whether an operator must have some. */
  readonly inParentheses: boolean;
  readonly as?: string;
}

function joinAround(
  draft: Draft,
  { start, end }: { readonly start: number; readonly end: number },
  joined: Joined,
  operand: Expression,
  { isWrapped, inParentheses, as = "" }: Joining,
): void {
  const { open, close, mark } = around(joined, operand, isWrapped);
  const [first, last] = inParentheses && joined.kind === "operator" ? ["(", ")"] : ["", ""];
  const isInOpen = mark.in === "open";
  draft.insert(start, first + open, isInOpen ? moved(mark.addition, first.length) : undefined);
  draft.insert(end, close + last + as, isInOpen ? undefined : mark.addition);
}

function addToExpression(draft: Draft, body: Body, slot: Slot, added: New): void {
  const { expression } = slot;
  const outer = body.outer(slot);
  const isWrapped = outer.start < expression.range.start;
  const isTight = slot.context === "tight";
  if (isJoined(added)) {
    if (isTight) draft.insert(outer.start, "(");
    joinAround(draft, outer, added, expression, { isWrapped, inParentheses: false });
    if (isTight) draft.insert(outer.end, ")");
    return;
  }
  if (isTight && added.kind === "call") {
    const { callee } = added;
    const rest = added.arguments === "" ? "" : `, ${added.arguments}`;
    draft.insert(outer.start, isWrapped ? callee : `${callee}(`, { kind: "call", callee, start: 0 });
    if (isWrapped) draft.insert(outer.end - 1, rest);
    else draft.insert(outer.end, `${rest})`);
    return;
  }
  const stages = namedStagesOf(added);
  const needsOwn = (expression.kind === "binary" || expression.kind === "unary") && !isWrapped;
  const open = `${isTight ? "(" : ""}${needsOwn ? "(" : ""}`;
  const lead = `${needsOwn ? ")" : ""} `;
  if (open !== "") draft.insert(outer.start, open);
  draft.insert(outer.end, `${lead}${stages}${isTight ? ")" : ""}`, {
    kind: "stages",
    range: { start: lead.length, end: lead.length + stages.length },
  });
}
