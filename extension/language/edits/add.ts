// Writing something new between a value and what uses it: a stage where a pipeline flows, a call around an expression, a
// sum in front of it. A pipeline that must be split becomes two statements where it stands, so that its comments stay.

import type { PipelineExpression } from "../ast";
import type { Body, Operand, Slot } from "./body";
import type { Draft } from "./draft";
import { type Scene, wordOf } from "./scene";

/** What is added. */
export type New =
  | { readonly kind: "call"; readonly callee: string; readonly arguments: string }
  /** `-> A as a -> B(1)`, and what its last stage is called, if anything. */
  | { readonly kind: "chain"; readonly stages: string; readonly name?: string }
  /** One more term, by the name of a value. */
  | { readonly kind: "sum"; readonly term: string };

/** With the name of the last one. */
export function namedStagesOf(added: New): string {
  const named = added.kind === "chain" && added.name !== undefined;
  return named ? `${stagesOf(added)} as ${added.name}` : stagesOf(added);
}

/** Without a name for the last one. */
export function stagesOf(added: New): string {
  switch (added.kind) {
    case "call":
      return `-> ${added.callee}${added.arguments === "" ? "" : `(${added.arguments})`}`;
    case "chain":
      return added.stages;
    case "sum":
      return `-> add(${added.term})`;
    default:
      return added satisfies never;
  }
}

/** Puts something new on what comes to an operand. */
export function addTo(scene: Scene, draft: Draft, body: Body, operand: Operand, added: New): void {
  const flow = asFlow(operand);
  if (flow === undefined) addToExpression(draft, body, (operand as Extract<Operand, { kind: "slot" }>).slot, added);
  else if (added.kind !== "sum") draft.insertStages(body, flow.pipeline, flow.before, namedStagesOf(added));
  else if (flow.before === 0) addTermToSource(draft, body, flow.pipeline, added.term);
  else if (isSplittable(body, flow.slot)) {
    const isLast = flow.before === flow.pipeline.stages.length;
    split(scene, draft, body, flow, (name) => {
      const sum = `${added.term} + ${name}`;
      return isLast ? { text: sum, sign: added.term.length + 1 } : { text: `(${sum})`, sign: added.term.length + 2 };
    });
  } else draft.insertStages(body, flow.pipeline, flow.before, stagesOf(added));
}

type Flow = Extract<Operand, { kind: "flow" }>;

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
 * split off; `sign` is the place of its +, if it has one.
 */
export function split(
  scene: Scene,
  draft: Draft,
  body: Body,
  { pipeline, before, slot }: Flow,
  sourceFor: (name: string) => { readonly text: string; readonly sign?: number; readonly statement?: string },
): void {
  const { statement } = slot;
  const headRange = { start: statement.range.start, end: pipeline.range.start };
  const head = body.textOf(headRange);
  const name = bindPiece(scene, draft, body, pipeline, before);
  draft.replace(headRange, `${name} = `);
  const lead = draft.lineEnd + draft.indentOf(statement.range.start);
  const { text, sign, statement: middle } = sourceFor(name);
  const first = middle === undefined ? "" : lead + middle;
  const newText = `${first}${lead}${head}${text}`;
  const offset = middle === undefined ? lead.length + head.length : lead.length;
  const end = body.pieceEnd(pipeline, before);
  const next = pipeline.stages[before];
  const at = next && draft.lineStart(next.range.start) === undefined ? end : draft.behindComment(end);
  draft.insert(at, newText, sign === undefined ? undefined : { kind: "sum", at: offset + sign });
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

function addTermToSource(draft: Draft, body: Body, pipeline: PipelineExpression, term: string): void {
  const { start } = pipeline.range;
  const end = body.pieceEnd(pipeline, 0);
  const isSimple = ["name", "call", "member", "index"].includes(pipeline.source.kind);
  const [open, close] = isSimple || body.text[start] === "(" ? ["", ""] : ["(", ")"];
  draft.insert(start, `(${term} + ${open}`, { kind: "sum", at: term.length + 2 });
  draft.insert(end, `${close})`);
}

function addToExpression(draft: Draft, body: Body, slot: Slot, added: New): void {
  const { expression } = slot;
  const outer = body.outer(slot);
  const hasOperator = expression.kind === "binary" || expression.kind === "unary";
  const isWrapped = outer.start < expression.range.start;
  if (added.kind === "sum") {
    const needsOwn =
      hasOperator && !isWrapped && !(expression.kind === "binary" && tighterThanSum.has(expression.operator));
    const isTight = slot.context === "tight";
    const open = isTight ? "(" : "";
    draft.insert(outer.start, `${open}${added.term} + ${needsOwn ? "(" : ""}`, {
      kind: "sum",
      at: open.length + added.term.length + 1,
    });
    if (needsOwn || isTight) draft.insert(outer.end, `${needsOwn ? ")" : ""}${isTight ? ")" : ""}`);
    return;
  }
  if (slot.context === "tight" && added.kind === "call") {
    const rest = added.arguments === "" ? "" : `, ${added.arguments}`;
    draft.insert(outer.start, isWrapped ? added.callee : `${added.callee}(`, { kind: "call", start: 0 });
    if (isWrapped) draft.insert(outer.end - 1, rest);
    else draft.insert(outer.end, `${rest})`);
    return;
  }
  const stages = namedStagesOf(added);
  const isTight = slot.context === "tight";
  const needsOwn = hasOperator && !isWrapped;
  const open = `${isTight ? "(" : ""}${needsOwn ? "(" : ""}`;
  const lead = `${needsOwn ? ")" : ""} `;
  if (open !== "") draft.insert(outer.start, open);
  draft.insert(outer.end, `${lead}${stages}${isTight ? ")" : ""}`, {
    kind: "stages",
    range: { start: lead.length, end: lead.length + stages.length },
  });
}

const tighterThanSum: ReadonlySet<string> = new Set(["*", "/", "@", "^"]);
