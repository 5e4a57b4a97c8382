// A network or block as it is written: where each of its values stands, what it is written to be computed from, and where
// its names are used.

import { documentation } from "../../../engine/model/catalog";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  BinaryExpression,
  CallExpression,
  Expression,
  InputDeclaration,
  LayerStatement,
  MemberExpression,
  ParameterStatement,
  PipelineExpression,
  ReturnOutput,
  SourceFile,
  Stage,
  Statement,
} from "../ast";
import type { Callable } from "../navigation/names";
import { isCallable } from "../navigation/names";
import type { Occurrence } from "../navigation/occurrences";
import { walk } from "../syntax-tree";

/** Where an expression stands. */
export interface Slot {
  readonly expression: Expression;
  /** A pipeline may stand in an open one without parentheses, any operator in a source; nothing in a tight one. */
  readonly context: "open" | "source" | "tight";
  /** Its parentheses, if it has any, are inside of these. */
  readonly bounds: Range;
  readonly statement: Statement;
  /** Whether it is all that a binding keeps or a `return` gives. */
  readonly whole: boolean;
  /** The pipeline that begins with it, and where that stands. */
  readonly begins?: { readonly pipeline: PipelineExpression; readonly slot: Slot };
}

/** Where a value is computed, or declared. */
export type Place =
  | { readonly kind: "stage"; readonly pipeline: PipelineExpression; readonly index: number; readonly slot: Slot }
  | { readonly kind: "expression"; readonly expression: Computed; readonly slot: Slot }
  | { readonly kind: "input"; readonly declaration: InputDeclaration }
  | { readonly kind: "parameter"; readonly statement: ParameterStatement };

export type Computed = Exclude<Expression, { kind: "name" | "pipeline" | "tuple" | "missing" | "string" | "boolean" }>;

/** What a value is written to be computed from. */
export type Operand =
  /** Whatever comes out of the pipeline in front of a stage. */
  | { readonly kind: "flow"; readonly pipeline: PipelineExpression; readonly before: number; readonly slot: Slot }
  | { readonly kind: "slot"; readonly slot: Slot };

export class Body {
  private readonly places = new Map<string, Place>();
  private readonly slots = new Map<string, Slot>();
  private readonly outputs = new Map<string, Slot>();

  constructor(
    readonly text: string,
    readonly declaration: Callable,
  ) {
    for (const input of declaration.inputs)
      this.places.set(keyOf(input.name.range), { kind: "input", declaration: input });
    for (const statement of declaration.body) this.statement(statement);
  }

  /** Undefined for what stands elsewhere. */
  placeOf(range: Range): Place | undefined {
    return this.places.get(keyOf(range));
  }

  /** Where a name is used as a value. */
  slotOf(range: Range): Slot | undefined {
    return this.slots.get(keyOf(range));
  }

  /** Where what the network returns under a name is written. */
  output(name: string): Slot | undefined {
    return this.outputs.get(name);
  }

  /** `layer e = Dense(4)`, by its name. */
  sharedLayer(name: string): LayerStatement | undefined {
    return sharedLayerIn(this.declaration, name);
  }

  stage({ pipeline, index }: Extract<Place, { kind: "stage" }>): Stage {
    return pipeline.stages[index]!;
  }

  /** In the order of the value's inputs. */
  operands(place: Place): Operand[] {
    if (place.kind === "stage") return this.pipedInto(place);
    if (place.kind !== "expression") return [];
    return operandsOf(place.expression).map((expression) => this.operand(expression));
  }

  /** The text with the parentheses around it. */
  outer({ expression, bounds }: Pick<Slot, "expression" | "bounds">): Range {
    let { start, end } = expression.range;
    for (;;) {
      const before = /\(\s*$/.exec(this.text.slice(bounds.start, start));
      const after = /^\s*\)/.exec(this.text.slice(end, bounds.end));
      if (!before || !after) return { start, end };
      start -= before[0].length;
      end += after[0].length;
    }
  }

  isParenthesized(slot: Slot): boolean {
    return this.outer(slot).start < slot.expression.range.start;
  }

  /** What stands in front of a stage: where it ends. */
  pieceEnd({ source, stages, range }: PipelineExpression, before: number): number {
    if (before > 0) return stages[before - 1]!.range.end;
    const end = stages[0]?.range.start ?? range.end;
    return this.outer({ expression: source, bounds: { start: range.start, end } }).end;
  }

  textOf({ start, end }: Range): string {
    return this.text.slice(start, end);
  }

  private pipedInto(place: Extract<Place, { kind: "stage" }>): Operand[] {
    const { pipeline, index, slot } = place;
    const { source } = pipeline;
    const piped: Operand[] =
      index === 0 && source.kind === "tuple"
        ? source.elements.map((element) => this.operand(element))
        : [{ kind: "flow", pipeline, before: index, slot }];
    const { call } = this.stage(place);
    if (call.kind !== "call" || documentation("layer", call.callee.name)) return piped;
    return [...piped, ...unnamed(call).map((argument) => this.operand(argument.value))];
  }

  private operand(expression: Expression): Operand {
    return { kind: "slot", slot: this.slots.get(keyOf(expression.range))! };
  }

  private statement(statement: Statement): void {
    const { range } = statement;
    switch (statement.kind) {
      case "binding": {
        const bounds = { start: statement.name.range.end, end: range.end };
        this.expression(statement.value, { context: "open", bounds, statement, whole: true });
        return;
      }
      case "return":
        for (const output of statement.outputs) this.returned(statement, output);
        return;
      case "parameter":
        this.places.set(keyOf(statement.name.range), { kind: "parameter", statement });
        return;
      case "layer":
        return;
      default:
        statement satisfies never;
    }
  }

  private returned(statement: Statement, { name, value, range }: ReturnOutput): void {
    const bounds = { start: name?.range.end ?? range.start, end: range.end };
    const slot = { context: "open", bounds, statement, whole: name === undefined } as const;
    this.expression(value, slot);
    this.outputs.set(name?.name ?? "output", { ...slot, expression: value });
  }

  private expression(expression: Expression, around: Omit<Slot, "expression">): void {
    const slot: Slot = { ...around, expression };
    const key = keyOf(expression.range);
    this.slots.set(key, slot);
    const { statement } = around;
    const inside = (part: Expression, context: Slot["context"], bounds = expression.range): void =>
      this.expression(part, { context, bounds, statement, whole: false });
    const computed = (value: Computed): void => {
      this.places.set(key, { kind: "expression", expression: value, slot });
    };
    switch (expression.kind) {
      case "call":
        computed(expression);
        this.arguments(expression, inside);
        return;
      case "binary":
        computed(expression);
        inside(expression.left, "tight");
        inside(expression.right, "tight");
        return;
      case "unary":
        computed(expression);
        inside(expression.operand, "tight");
        return;
      case "member":
      case "index":
        computed(expression);
        inside(expression.object, "tight");
        return;
      case "tuple":
        for (const element of expression.elements) inside(element, "open", between(expression.range));
        return;
      case "pipeline":
        this.pipeline(expression, slot, inside);
        return;
      case "number":
      case "list":
        computed(expression);
        return;
      case "name":
      case "string":
      case "boolean":
      case "missing":
        return;
      default:
        expression satisfies never;
    }
  }

  private pipeline(pipeline: PipelineExpression, slot: Slot, inside: Inside): void {
    const { source, stages, range } = pipeline;
    const bounds = { start: range.start, end: stages[0]?.range.start ?? range.end };
    const { statement } = slot;
    this.expression(source, { context: "source", bounds, statement, whole: false, begins: { pipeline, slot } });
    for (const [index, { call }] of stages.entries()) {
      this.places.set(keyOf(call.range), { kind: "stage", pipeline, index, slot });
      if (call.kind === "call") this.arguments(call, inside);
    }
  }

  private arguments(call: CallExpression, inside: Inside): void {
    for (const { value, range, name } of call.arguments) {
      inside(value, "open", { start: name?.range.end ?? range.start, end: range.end });
    }
  }
}

export function sharedLayerIn({ body }: Callable, name: string): LayerStatement | undefined {
  return body.find(
    (statement): statement is LayerStatement => statement.kind === "layer" && statement.name.name === name,
  );
}

type Inside = (part: Expression, context: Slot["context"], bounds?: Range) => void;

/** The network or block whose text a place is in. */
export function callableAround(file: SourceFile, { start, end }: Range): Callable | undefined {
  return file.declarations.find(
    (declaration): declaration is Callable =>
      isCallable(declaration) && declaration.range.start <= start && end <= declaration.range.end,
  );
}

/** The uses of a name as a value; members of it (`h.W`) are none. */
export function usesOf(body: Body, name: string, occurrences: readonly Occurrence[]): Uses {
  const { range } = body.declaration;
  const members = memberObjects(body);
  const own = occurrences.filter(({ symbol }) => symbol.name === name && isInside(symbol.nameRange, range));
  const found = own.filter(({ defines, symbol }) => !defines && symbol.kind !== "weight");
  const inBody = found.filter((occurrence) => isInside(occurrence.range, range));
  return {
    slots: inBody.flatMap((occurrence) => {
      if (members.has(keyOf(occurrence.range))) return [];
      return body.slotOf(occurrence.range) ?? [];
    }),
    members: inBody.filter((occurrence) => members.has(keyOf(occurrence.range))).map((occurrence) => occurrence.range),
    elsewhere: found.filter((occurrence) => !isInside(occurrence.range, range)).map((occurrence) => occurrence.range),
  };
}

export interface Uses {
  readonly slots: readonly Slot[];
  /** `h` of `h.W`, inside the body. */
  readonly members: readonly Range[];
  /** In checks, trainings and other bodies. */
  readonly elsewhere: readonly Range[];
}

function memberObjects(body: Body): ReadonlySet<string> {
  const found = new Set<string>();
  walk(body.declaration, (node) => {
    if (node.kind === "member" && node.property.name !== "T" && node.object.kind === "name") {
      found.add(keyOf(node.object.range));
    }
  });
  return found;
}

/** Where the inputs of a value stand that an expression computes. */
function operandsOf(expression: Computed): readonly Expression[] {
  switch (expression.kind) {
    case "call":
      return unnamed(expression).map(({ value }) => value);
    case "binary":
      return [(expression as BinaryExpression).left, (expression as BinaryExpression).right];
    case "unary":
      return [expression.operand];
    case "member":
      return (expression as MemberExpression).property.name === "T" ? [expression.object] : [];
    case "index":
      return [expression.object];
    case "number":
    case "list":
      return [];
    default:
      return expression satisfies never;
  }
}

function unnamed(call: CallExpression): readonly Argument[] {
  return call.arguments.filter(({ name }) => name === undefined);
}

export function isInside(inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function keyOf({ start, end }: Range): string {
  return `${start} ${end}`;
}

function between({ start, end }: Range): Range {
  return { start: start + 1, end: end - 1 };
}
