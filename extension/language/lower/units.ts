// Statements → units in an order of computation. A unit is what one name stands for: a statement, or the part of a
// pipeline up to an `as`. Names may be used before they are bound; only a value that needs itself is an error.

import type { Range } from "../../../engine/protocol/text";
import type { Expression, Identifier, PipelineExpression, Statement } from "../ast";
import type { Context } from "./context";

export type Unit = StatementUnit | SegmentUnit;

interface UnitBase {
  /** The name it binds; undefined for `return` and for a value that nobody keeps. */
  readonly name: Identifier | undefined;
  readonly uses: Use[];
  /** Segments of its own text, to be computed before it. */
  readonly parts: Unit[];
  state: "waiting" | "open" | "done";
  /** Nested deeper than recursion can follow. */
  tooDeep: boolean;
  /** Of the deepest expression in its statement. */
  depth: number;
}

export interface StatementUnit extends UnitBase {
  readonly kind: "statement";
  readonly statement: Statement;
}

/** The stages of a pipeline up to and with the one that has a name. */
export interface SegmentUnit extends UnitBase {
  readonly kind: "segment";
  readonly pipeline: PipelineExpression;
  /** Position of the stage that has the name. */
  readonly last: number;
  readonly alias: Identifier;
}

interface Use {
  readonly name: string;
  readonly range: Range;
  /** The name is called: `x -> encoder` uses the instance, `encoder.W` needs its first use. */
  readonly called: boolean;
}

/** Deeper expressions are refused, and so are blocks in them: recursion stays far from the end of the stack. */
export const deepest = 500;

/** In the order of the text. Reports expressions that are too deep. */
export function unitsOf(context: Context, statements: readonly Statement[]): readonly Unit[] {
  const units: Unit[] = [];
  for (const statement of statements) collect(context, statement, units);
  return units;
}

/** Every unit after those it needs, otherwise in the order of the text. Reports cycles. */
export function ordered(context: Context, units: readonly Unit[]): readonly Unit[] {
  const byName = new Map<string, Unit>();
  const firstCalls = new Map<string, Unit>();
  for (const unit of units) {
    if (unit.name !== undefined && !byName.has(unit.name.name)) byName.set(unit.name.name, unit);
    for (const { name, called } of unit.uses) if (called && !firstCalls.has(name)) firstCalls.set(name, unit);
  }
  const needs = (unit: Unit): readonly Dependency[] => [
    ...unit.parts.map((part) => ({ unit: part, use: undefined })),
    ...unit.uses.flatMap((use): Dependency[] => {
      const definition = byName.get(use.name);
      if (definition === undefined) return [];
      const shared = definition.kind === "statement" && definition.statement.kind === "layer" && !use.called;
      const firstCall = shared ? firstCalls.get(use.name) : undefined;
      return [{ unit: definition, use }, ...(firstCall && firstCall !== unit ? [{ unit: firstCall, use }] : [])];
    }),
  ];
  return sorted(context, units, needs);
}

interface Dependency {
  readonly unit: Unit;
  readonly use: Use | undefined;
}

/** Depth first with a stack of its own: a thousand statements in the wrong order are no problem. */
function sorted(context: Context, units: readonly Unit[], needs: (unit: Unit) => readonly Dependency[]): Unit[] {
  const order: Unit[] = [];
  for (const root of units) {
    if (root.state !== "waiting") continue;
    const path: { readonly unit: Unit; readonly needs: readonly Dependency[]; next: number }[] = [];
    const open = (unit: Unit): void => {
      unit.state = "open";
      path.push({ unit, needs: needs(unit), next: 0 });
    };
    open(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = top.needs[top.next++];
      if (dependency === undefined) {
        top.unit.state = "done";
        order.push(top.unit);
        path.pop();
      } else if (dependency.unit.state === "waiting") {
        open(dependency.unit);
      } else if (dependency.unit.state === "open" && dependency.use !== undefined && !context.reporter.isFull) {
        const from = path.findIndex(({ unit }) => unit === dependency.unit);
        reportCycle(
          context,
          path.slice(from).map(({ unit }) => unit),
          dependency.use,
        );
      }
    }
  }
  return order;
}

function reportCycle(context: Context, units: readonly Unit[], use: Use): void {
  const named = units.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const [first] = named;
  if (first === undefined) return;
  const names = [...named, first].map(({ name }) => name);
  // Of a long way around, the beginning and the end.
  const shown = names.length <= longestPath ? names : [...names.slice(0, longestPath - 3), "…", ...names.slice(-2)];
  const related = named.slice(0, longestPath).map(({ name, range }, index) => ({
    range,
    message: `${name} needs ${names[index + 1]}`,
  }));
  context.reporter.report("cycle", use.range, [shown.join(" → ")], { related });
}

const longestPath = 10;

/** Walks the statement's expressions with a stack of its own, so that their depth is known before anything recurses. */
function collect(context: Context, statement: Statement, units: Unit[]): void {
  const name = statement.kind === "return" || statement.name.name === "" ? undefined : statement.name;
  const whole: Unit = { kind: "statement", statement, name, uses: [], parts: [], state: "waiting", ...shallow };
  const segments: Unit[] = [];
  const walk: Walk[] = rootsOf(statement).map((expression) => ({ expression, unit: whole, depth: 0 }));
  let depth = 0;
  for (let step = walk.pop(); step !== undefined; step = walk.pop()) {
    depth = Math.max(depth, step.depth);
    if (depth > deepest) break;
    visit(step, walk, segments);
  }
  // What a parameter begins with and what a shared layer is given is known before anything runs: no values in there.
  const constant = statement.kind === "parameter" || statement.kind === "layer";
  const found: Unit[] = constant ? [{ ...whole, uses: [], parts: [] }] : [...segments, whole];
  units.push(...found);
  for (const unit of found) unit.depth = depth;
  if (depth <= deepest) return;
  context.reporter.report("too-deep", statement.range, []);
  for (const unit of found) unit.tooDeep = true;
}

const shallow = { tooDeep: false, depth: 0 };

interface Walk {
  readonly expression: Expression;
  readonly unit: Unit;
  readonly depth: number;
}

function rootsOf(statement: Statement): Expression[] {
  switch (statement.kind) {
    case "binding":
      return [statement.value];
    case "parameter":
      return [...(statement.shape?.dimensions ?? []), ...(statement.initializer ? [statement.initializer] : [])];
    case "layer":
      return [statement.layer];
    case "return":
      return statement.outputs.map(({ value }) => value);
    default:
      return statement satisfies never;
  }
}

function visit({ expression, unit, depth }: Walk, walk: Walk[], units: Unit[]): void {
  const push = (child: Expression | undefined, owner: Unit): void => {
    if (child !== undefined) walk.push({ expression: child, unit: owner, depth: depth + 1 });
  };
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
    case "missing":
      return;
    case "name":
      unit.uses.push({ name: expression.name, range: expression.range, called: false });
      return;
    case "list":
    case "tuple":
      for (const element of expression.elements) push(element, unit);
      return;
    case "call":
      unit.uses.push({ name: expression.callee.name, range: expression.callee.range, called: true });
      for (const argument of expression.arguments) push(argument.value, unit);
      return;
    case "member":
      push(expression.object, unit);
      return;
    case "index":
      push(expression.object, unit);
      for (const item of expression.indices) {
        for (const child of item.kind === "at" ? [item.index] : [item.start, item.end]) push(child, unit);
      }
      return;
    case "unary":
      push(expression.operand, unit);
      return;
    case "binary":
      push(expression.left, unit);
      push(expression.right, unit);
      return;
    case "pipeline":
      visitPipeline(expression, unit, push, units);
      return;
    default:
      expression satisfies never;
  }
}

/** What stands before an `as` belongs to that name's unit; what follows the last one to the unit around. */
function visitPipeline(
  pipeline: PipelineExpression,
  around: Unit,
  push: (child: Expression | undefined, owner: Unit) => void,
  units: Unit[],
): void {
  let rest: ((owner: Unit) => void)[] = [(owner) => push(pipeline.source, owner)];
  let previous: Unit | undefined;
  for (const [last, stage] of pipeline.stages.entries()) {
    rest.push((owner) => {
      if (stage.call.kind === "missing") return;
      const callee = stage.call.kind === "call" ? stage.call.callee : stage.call;
      owner.uses.push({ name: callee.name, range: callee.range, called: true });
      if (stage.call.kind === "call") for (const argument of stage.call.arguments) push(argument.value, owner);
      push(stage.repeat, owner);
    });
    if (stage.alias === undefined || stage.alias.name === "") continue;
    const segment: Unit = {
      kind: "segment",
      pipeline,
      last,
      alias: stage.alias,
      name: stage.alias,
      uses: [],
      parts: previous ? [previous] : [],
      state: "waiting",
      ...shallow,
    };
    for (const take of rest) take(segment);
    rest = [];
    units.push(segment);
    previous = segment;
  }
  for (const take of rest) take(around);
  if (previous !== undefined) around.parts.push(previous);
}
