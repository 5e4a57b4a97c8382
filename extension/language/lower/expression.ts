// Expression → values. Every subexpression becomes a value with its own range; what is in scope is the caller's
// business, so networks and the formulas of checks share this.

import { documentation, isPlanned, namesOf } from "../../../engine/model/catalog";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { Comparison } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  BinaryExpression,
  BinaryOperator,
  Expression,
  IndexExpression,
  IndexItem,
  MemberExpression,
  NameExpression,
  PipelineExpression,
  Stage,
} from "../ast";
import { operatorFunctions } from "../operators";
import { argumentValue, bindArguments, catalogCallee, type NamedPlace } from "./arguments";
import { type AttributeScope, constant, isConstant, tensorLiteral } from "./constants";
import { type Context, oneLine } from "./context";
import { rename, suggest } from "./fixes";
import type { Naming, Operand, Place, ValueTable } from "./values";

/** What names mean around an expression. */
export interface Scope {
  readonly attributes: AttributeScope;
  /** Names that an unknown one may have been meant as. */
  names(): Iterable<string>;
  /** Names of blocks that can be used. */
  blocks(): Iterable<string>;
  hasName(name: string): boolean;
  /** A name that is no attribute. Reports it when it is unknown. */
  name(expression: NameExpression): Operand;
  /** `h1.W`; `.T` is not asked for. */
  member(expression: MemberExpression): Operand;
  /** A call with a meaning of its own here: `grad(W)`, a shared layer, a block. Undefined when it is an ordinary one. */
  special(call: SpecialCall): { readonly value: Operand } | undefined;
  /** Applies a layer of the catalog. */
  layer(layer: LayerCall): Operand;
  /** The value of a stage that has been lowered before. */
  stage(stage: Stage): { readonly value: Operand } | undefined;
}

export interface SpecialCall {
  readonly callee: NamedPlace;
  readonly piped: readonly Operand[];
  readonly arguments: readonly Argument[];
  readonly place: Place;
}

export interface LayerCall {
  readonly layer: string;
  readonly inputs: readonly Operand[];
  /** Undefined when they are wrong. */
  readonly arguments: Arguments | undefined;
  readonly place: Place;
}

export class Expressions {
  constructor(
    private readonly context: Context,
    private readonly table: ValueTable,
    private readonly scope: Scope,
  ) {}

  /** Undefined when an error hides the value; it has been reported. `naming` is for the outermost value. */
  lower(expression: Expression, naming?: Naming): Operand {
    const { range } = expression;
    switch (expression.kind) {
      case "missing":
        return undefined;
      case "number":
      case "list":
        return this.literal(expression, naming);
      case "string":
      case "boolean":
        this.report("not-a-value", range, [
          `${this.titleOf(range)} is a ${expression.kind === "string" ? "text" : "truth value"}`,
        ]);
        return undefined;
      case "name":
        return this.scope.attributes.values.has(expression.name)
          ? this.folded(expression, naming)
          : this.scope.name(expression);
      case "call":
        return this.call(expression.callee, expression.arguments, [], this.placeOf(range, naming));
      case "member":
        return this.member(expression, naming);
      case "index":
        return this.index(expression, naming);
      case "unary":
        if (isConstant(expression, this.scope.attributes)) return this.folded(expression, naming);
        return this.table.operation("negate", [this.lower(expression.operand)], {}, this.placeOf(range, naming));
      case "binary":
        return this.binary(expression, naming);
      case "pipeline":
        return this.pipeline(expression, naming);
      case "tuple":
        for (const element of expression.elements) this.lower(element);
        this.report("not-a-value", range, ["these are several values"]);
        return undefined;
      default:
        return expression satisfies never;
    }
  }

  placeOf(range: Range, naming?: Naming): Place {
    return { title: this.titleOf(range), range, naming };
  }

  private titleOf(range: Range): string {
    return oneLine(this.context.text, range, 40);
  }

  private get report(): Context["reporter"]["report"] {
    return this.context.reporter.report.bind(this.context.reporter);
  }

  private literal(expression: Expression, naming: Naming | undefined): Operand {
    const data = tensorLiteral(this.context, expression, this.scope.attributes);
    return data && this.table.constant(data, this.placeOf(expression.range, naming));
  }

  /** Attributes and arithmetic of literals are numbers before anything runs. */
  private folded(expression: Expression, naming: Naming | undefined): Operand {
    if (containsList(expression)) return this.unfolded(expression, naming);
    const found = constant(this.context, expression, this.scope.attributes);
    if (found.kind !== "known") {
      if (found.kind === "computed")
        this.report("attribute-as-value", expression.range, [this.titleOf(expression.range)]);
      return undefined;
    }
    if (typeof found.value === "string") {
      this.report("attribute-as-value", expression.range, [this.titleOf(expression.range)]);
      return undefined;
    }
    const data = { shape: [], data: Float64Array.of(Number(found.value)) };
    return this.table.constant(data, this.placeOf(expression.range, naming));
  }

  /** Arithmetic with literals of rank 1 and more. */
  private unfolded(expression: Expression, naming: Naming | undefined): Operand {
    const place = this.placeOf(expression.range, naming);
    if (expression.kind === "unary") return this.table.operation("negate", [this.lower(expression.operand)], {}, place);
    return expression.kind === "binary" ? this.operation(expression, place) : this.lower(expression, naming);
  }

  private binary(expression: BinaryExpression, naming: Naming | undefined): Operand {
    const folds = !isComparison(expression.operator) && expression.operator !== "@";
    if (folds && isConstant(expression, this.scope.attributes)) return this.folded(expression, naming);
    return this.operation(expression, this.placeOf(expression.range, naming));
  }

  private operation({ operator, left, right }: BinaryExpression, place: Place): Operand {
    return this.table.operation(operatorFunctions[operator], [this.lower(left), this.lower(right)], {}, place);
  }

  private member(expression: MemberExpression, naming: Naming | undefined): Operand {
    if (expression.property.name !== "T") return this.scope.member(expression);
    const object = this.lower(expression.object);
    return this.table.operation("transpose", [object], {}, this.placeOf(expression.range, naming));
  }

  /** `x[0]`, `x[1:, -1]`: one dimension after another; `:` alone leaves one as it is. */
  private index({ object, indices, range }: IndexExpression, naming: Naming | undefined): Operand {
    let value = this.lower(object);
    let axis = 0;
    const choosing = indices.filter((item) => item.kind === "at" || item.start !== undefined || item.end !== undefined);
    for (const item of indices) {
      if (choosing.includes(item)) {
        const place = this.placeOf(range, item === choosing.at(-1) ? naming : undefined);
        const isOne = item.kind === "at";
        value = this.table.operation(isOne ? "index" : "slice", [value], this.positions(item, axis), place);
        if (isOne) continue;
      }
      axis++;
    }
    return value;
  }

  /** Arguments of `index` and `slice`; undefined after reporting what is wrong, or when something is not known. */
  private positions(item: IndexItem, axis: number): Arguments | undefined {
    const position = (expression: Expression): number | undefined => {
      const read = argumentValue(this.context, "an index", wholeNumber, expression, this.scope.attributes);
      return typeof read === "number" ? read : undefined;
    };
    if (item.kind === "at") {
      const at = position(item.index);
      return at === undefined ? undefined : { position: at, axis };
    }
    const start = item.start === undefined ? 0 : position(item.start);
    const end = item.end && position(item.end);
    if (start === undefined || (item.end !== undefined && end === undefined)) return undefined;
    return { start, axis, ...(end === undefined ? {} : { end }) };
  }

  /** The value of a pipeline up to a stage; what stands before the last stage already lowered is not looked at. */
  pipeline({ source, stages }: PipelineExpression, naming: Naming | undefined, last = stages.length - 1): Operand {
    let first = last;
    while (first >= 0 && this.scope.stage(stages[first]!) === undefined) first--;
    let inputs: readonly Operand[];
    if (first >= 0) inputs = [this.scope.stage(stages[first]!)!.value];
    else inputs = source.kind === "tuple" ? source.elements.map((part) => this.lower(part)) : [this.lower(source)];
    for (let index = first + 1; index <= last; index++) {
      inputs = [this.stage(stages[index]!, inputs, index === last ? naming : undefined)];
    }
    return inputs[0];
  }

  /** A stage applied to what is piped into it, `repeat` times. */
  private stage({ call, repeat }: Stage, piped: readonly Operand[], naming: Naming | undefined): Operand {
    if (call.kind === "missing") return undefined;
    const times =
      repeat === undefined ? 1 : argumentValue(this.context, "repeat", positive, repeat, this.scope.attributes);
    const callee = call.kind === "call" ? call.callee : call;
    const written = call.kind === "call" ? call.arguments : [];
    let inputs = piped;
    if (typeof times !== "number") return this.call(callee, written, [undefined], this.placeOf(call.range, naming));
    for (let turn = 1; turn <= times; turn++) {
      inputs = [this.call(callee, written, inputs, this.placeOf(call.range, turn === times ? naming : undefined))];
    }
    return inputs[0];
  }

  private call(callee: NamedPlace, written: readonly Argument[], piped: readonly Operand[], place: Place): Operand {
    const { name } = callee;
    if (name === "") {
      this.lowerAll(written);
      return undefined;
    }
    const special = this.scope.special({ callee, piped, arguments: written, place });
    if (special !== undefined) return special.value;
    if (documentation("layer", name) !== undefined) return this.layerCall(callee, written, piped, place);
    if (documentation("function", name) !== undefined) return this.functionCall(callee, written, piped, place);
    this.lowerAll(written);
    return this.unknownCall(callee, piped, place);
  }

  private layerCall(
    callee: NamedPlace,
    written: readonly Argument[],
    piped: readonly Operand[],
    place: Place,
  ): Operand {
    const { name, range } = callee;
    const { attributes } = this.scope;
    this.context.mention(range, { kind: "callable", callable: "layer", name });
    // Without a pipe the first arguments are the inputs: all that are values, and at least one.
    let count = 0;
    if (piped.length === 0) {
      while (isInput(written[count], count, attributes)) count++;
      if (count === 0) this.report("layer-without-input", range, [name]);
    }
    const inputs = count > 0 ? written.slice(0, count).map(({ value }) => this.lower(value)) : piped;
    const docs = documentation("layer", name)!.arguments;
    const bound = bindArguments(this.context, catalogCallee("layer", callee), docs, written.slice(count), attributes);
    return this.scope.layer({
      layer: name,
      inputs: inputs.length === 0 ? [undefined] : inputs,
      arguments: bound.ok ? bound.values : undefined,
      place: { ...place, title: name, written: place.title },
    });
  }

  /** All arguments without a name are inputs. */
  private functionCall(
    callee: NamedPlace,
    written: readonly Argument[],
    piped: readonly Operand[],
    place: Place,
  ): Operand {
    const { name, range } = callee;
    this.context.mention(range, { kind: "callable", callable: "function", name });
    const positional = written.filter((argument) => argument.name === undefined);
    const named = written.filter((argument) => argument.name !== undefined);
    const inputs = [...piped, ...positional.map(({ value }) => this.lower(value))];
    const docs = documentation("function", name)!.arguments;
    const bound = bindArguments(this.context, catalogCallee("function", callee), docs, named, this.scope.attributes);
    if (inputs.length === 0) {
      this.report("missing-argument", range, [name, "a value", ""]);
      return undefined;
    }
    return this.table.operation(name, inputs, bound.ok ? bound.values : undefined, place);
  }

  /** Keeps the stage in the diagram, without a shape. */
  private unknownCall({ name, range }: NamedPlace, piped: readonly Operand[], place: Place): Operand {
    for (const kind of ["layer", "function"] as const) {
      if (!isPlanned(kind, name)) continue;
      this.report("not-supported", range, [`\`${name}\` is`]);
      return this.table.layer(name, [...piped, undefined], undefined, { ...place, title: name }).id;
    }
    if (this.scope.hasName(name)) {
      this.report("not-callable", range, [name]);
      return undefined;
    }
    const layer = suggest(this.context, name, [...namesOf("layer"), ...this.scope.blocks(), ...this.scope.names()]);
    const operation = suggest(this.context, name, namesOf("function"));
    const asLayer = /^\p{Lu}/u.test(name) || (operation === undefined && (layer !== undefined || piped.length > 0));
    const suggestion = asLayer ? (layer ?? operation) : (operation ?? layer);
    const code = asLayer ? "unknown-layer" : "unknown-function";
    this.report(code, range, [name, suggestion], { fixes: rename(range, suggestion) });
    return this.table.layer(name, [...piped, undefined], undefined, { ...place, title: name }).id;
  }

  private lowerAll(written: readonly Argument[]): void {
    for (const { value } of written) {
      if (!isConstant(value, this.scope.attributes) && value.kind !== "name") this.lower(value);
    }
  }
}

const wholeNumber = { kind: "integer" } as const;
const positive = { kind: "integer", min: 1, max: 1000 } as const;

const comparisons: ReadonlySet<BinaryOperator> = new Set<Comparison>(["==", "!=", "<", "<=", ">", ">="]);

export function isComparison(operator: BinaryOperator): operator is Comparison {
  return comparisons.has(operator);
}

function isInput(argument: Argument | undefined, position: number, attributes: AttributeScope): boolean {
  if (argument === undefined || argument.name !== undefined) return false;
  return position === 0 || !isConstant(argument.value, attributes);
}

function containsList(expression: Expression): boolean {
  if (expression.kind === "list") return true;
  if (expression.kind === "unary") return containsList(expression.operand);
  return expression.kind === "binary" && (containsList(expression.left) || containsList(expression.right));
}
