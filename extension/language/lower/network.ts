// NetworkDeclaration and values for its attributes → Network, with every value's shape.

import { documentation, namesOf } from "../../../engine/model/catalog";
import type { InferredLayer, SampleShape } from "../../../engine/model/infer";
import { formatShape } from "../../../engine/model/shape";
import type { Network, Output, Parameter, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Identifier,
  LayerStatement,
  MemberExpression,
  NameExpression,
  ParameterStatement,
  ReturnStatement,
  ShapeAnnotation,
  Stage,
} from "../ast";
import { nearest } from "../nearest";
import { argumentValue, bindArguments, calleeOf, catalogCallee, reportUnknown } from "./arguments";
import { type AttributeScope, isConstant, type Scalar } from "./constants";
import { type Context, oneLine } from "./context";
import { Expressions, type LayerCall, type Scope, type SpecialCall } from "./expression";
import { rename } from "./fixes";
import { initializerOf } from "./initializer";
import type { AttributeValues, Signature } from "./signature";
import { ordered, type Unit, unitsOf } from "./units";
import { type Naming, type Operand, ValueTable } from "./values";

export interface LoweredNetwork {
  readonly network: Network;
  /** What each name of the network stands for; undefined where an error hides it. */
  readonly names: ReadonlyMap<string, Operand>;
  /** Names of `layer` statements. */
  readonly layers: ReadonlySet<string>;
  readonly attributes: AttributeScope;
  shapeOf(id: Operand): SampleShape | undefined;
  /** Parameters of the layer that gives a value, or of a shared layer; undefined where an error hides them. */
  parametersOf(owner: ValueId): readonly Parameter[] | undefined;
}

export function lowerNetwork(
  context: Context,
  signature: Signature,
  given: AttributeValues,
  blocks: ReadonlySet<string>,
): LoweredNetwork {
  return new NetworkLowering(context, signature, given, blocks).run();
}

/** A layer that several pipelines share. */
interface SharedLayer {
  readonly name: Identifier;
  readonly layer: string;
  readonly arguments: LayerCall["arguments"];
}

class NetworkLowering implements Scope {
  readonly attributes: AttributeScope;
  private readonly table: ValueTable;
  private readonly expressions: Expressions;
  private readonly entries = new Map<string, Operand>();
  private readonly nameRanges = new Map<string, Range>();
  private readonly shared = new Map<string, SharedLayer>();
  private readonly stages = new Map<Stage, Operand>();
  private readonly parameters: Parameter[] = [];
  private readonly parametersOf = new Map<string, readonly Parameter[]>();
  private readonly instanceOf = new Map<ValueId, string>();
  private outputs: readonly Output[] = [];
  private returned: ReturnStatement | undefined;
  private sound = true;

  constructor(
    private readonly context: Context,
    private readonly signature: Signature,
    given: AttributeValues,
    private readonly blocks: ReadonlySet<string>,
  ) {
    const values = new Map<string, Scalar | undefined>();
    for (const { name, default: value } of signature.attributes) values.set(name.name, given.get(name.name) ?? value);
    this.attributes = {
      network: signature.declaration.name.name,
      values,
      isValue: (name) => this.nameRanges.has(name),
    };
    this.table = new ValueTable(context);
    this.expressions = new Expressions(context, this.table, this);
  }

  run(): LoweredNetwork {
    const { declaration } = this.signature;
    this.lowerInputs();
    const units = unitsOf(this.context, declaration.body);
    this.declareNames(units);
    for (const unit of ordered(this.context, units)) this.lowerUnit(unit);
    this.checkReturn();
    const { name, range, documentation } = declaration;
    const values = inputsFirst(this.table.values);
    const network: Network = {
      name: name.name,
      documentation,
      range,
      nameRange: name.range,
      attributes: this.signature.attributes.flatMap(({ name: attribute, type }) => {
        const value = this.attributes.values.get(attribute.name);
        return value === undefined ? [] : [{ name: attribute.name, type, value }];
      }),
      values,
      parameters: this.parameters,
      outputs: this.outputs,
      complete: this.sound && this.outputs.length > 0 && values.every(({ shape }) => shape !== undefined),
    };
    return {
      network,
      names: this.entries,
      layers: new Set(this.shared.keys()),
      attributes: this.attributes,
      shapeOf: (id) => this.table.shapeOf(id),
      parametersOf: (owner) => this.ownParameters(owner),
    };
  }

  // Scope.

  *names(): Iterable<string> {
    yield* this.nameRanges.keys();
    yield* this.attributes.values.keys();
  }

  hasName(name: string): boolean {
    return this.nameRanges.has(name) || this.attributes.values.has(name);
  }

  name({ name, range }: NameExpression): Operand {
    if (name === "") return undefined;
    const shared = this.shared.get(name);
    if (shared !== undefined) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    if (this.entries.has(name)) {
      const id = this.entries.get(name);
      this.mentionValue(range, id);
      return id;
    }
    // A part of a cycle, or of a statement with an error: it has been reported.
    if (this.nameRanges.has(name)) return undefined;
    if (documentation("layer", name) !== undefined) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    const suggestion = nearest(name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }

  member(expression: MemberExpression): Operand {
    const { object, property } = expression;
    if (property.name === "augmented") {
      const parts = augmentedParts(expression).map((part) => this.member(part));
      return this.table.operation("augmented", parts, {}, this.expressions.placeOf(expression.range));
    }
    if (object.kind === "name") return this.memberOfName(expression, object);
    const id = this.expressions.lower(object);
    return id === undefined ? undefined : parameterOf(this.context, this.ownParameters(id), expression);
  }

  special({ callee, piped, arguments: written, place }: SpecialCall): { readonly value: Operand } | undefined {
    const { name, range } = callee;
    if (this.blocks.has(name)) {
      this.context.reporter.report("not-supported", range, [`The block \`${name}\`: blocks are`]);
      for (const { value } of written) if (!isConstant(value, this.attributes)) this.expressions.lower(value);
      return { value: undefined };
    }
    const shared = this.shared.get(name);
    if (shared === undefined) return undefined;
    this.context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
    const inputs = [...piped, ...written.map(({ value }) => this.expressions.lower(value))];
    if (piped.length > 0 && written.length > 0) {
      this.context.reporter.report("layer-instance-call", written[0]!.range, [name]);
    }
    if (inputs.length === 0) this.context.reporter.report("layer-without-input", range, [name]);
    const call = { layer: shared.layer, inputs, arguments: shared.arguments, place: { ...place, title: name } };
    return { value: this.layer(call, shared) };
  }

  layer({ layer, inputs, arguments: args, place }: LayerCall, shared?: SharedLayer): Operand {
    const { id, inferred } = this.table.layer(layer, inputs, args, place, shared?.name.name);
    const instance = shared?.name.name ?? id;
    this.instanceOf.set(id, instance);
    if (inferred === undefined) return id;
    const known = this.parametersOf.get(instance);
    if (known === undefined) this.declareWeights(instance, inferred, place.range);
    else this.compareWeights(instance, known, inferred, place.range);
    return id;
  }

  stage(stage: Stage): { readonly value: Operand } | undefined {
    return this.stages.has(stage) ? { value: this.stages.get(stage) } : undefined;
  }

  // Declarations.

  private lowerInputs(): void {
    for (const { name, shape: annotation } of this.signature.inputs) {
      const sizes = annotation === undefined ? [] : this.dimensions(annotation);
      const shape = sizes && { shape: sizes, batched: true };
      const place = { title: name.name, range: name.range, naming: { name } };
      this.table.add({ kind: "input" }, place, shape, name.name);
      this.entries.set(name.name, name.name);
      this.nameRanges.set(name.name, name.range);
      this.mentionValue(name.range, name.name);
    }
    const { network } = this.attributes;
    for (const { name } of this.signature.attributes) {
      this.context.mention(name.range, { kind: "attribute", network, name: name.name });
    }
  }

  private dimensions({ dimensions }: ShapeAnnotation): number[] | undefined {
    const type = { kind: "integer", min: 1 } as const;
    const sizes = dimensions.map((size) => argumentValue(this.context, "a dimension", type, size, this.attributes));
    return sizes.every((size) => typeof size === "number") ? sizes : undefined;
  }

  /** Notes every name that the body binds, so that a use before its binding is no unknown name. */
  private declareNames(units: readonly Unit[]): void {
    const names = units.flatMap(({ name }) => (name === undefined ? [] : [name]));
    for (const { name, range } of names.sort((a, b) => a.range.start - b.range.start)) {
      const attribute = this.signature.attributes.find((candidate) => candidate.name.name === name);
      const earlier = this.nameRanges.get(name) ?? attribute?.name.range;
      if (earlier === undefined) {
        this.nameRanges.set(name, range);
        continue;
      }
      const related = [{ range: earlier, message: `${name} is bound here` }];
      this.context.reporter.report("duplicate-name", range, [name], { related });
      this.sound = false;
    }
  }

  private lowerUnit(unit: Unit): void {
    if (unit.tooDeep) {
      this.sound = false;
      if (unit.kind === "segment") this.stages.set(unit.stage, undefined);
      return;
    }
    if (unit.kind === "segment") {
      const { pipeline, stage, alias } = unit;
      const before = pipeline.stages.slice(0, pipeline.stages.indexOf(stage) + 1);
      const naming = this.owns(alias) ? { name: alias } : undefined;
      const value = this.expressions.lower({ ...pipeline, stages: before }, naming);
      this.stages.set(stage, value);
      this.bind(alias, value);
      return;
    }
    const { statement } = unit;
    switch (statement.kind) {
      case "binding": {
        const { name, value, documentation } = statement;
        this.bind(name, this.expressions.lower(value, this.owns(name) ? { name, documentation } : undefined));
        return;
      }
      case "parameter":
        this.declareParameter(statement);
        return;
      case "layer":
        this.declareShared(statement);
        return;
      case "return":
        this.lowerReturn(statement);
        return;
      default:
        statement satisfies never;
    }
  }

  /** Of two bindings of one name the first counts; the second has been reported. */
  private owns({ name, range }: Identifier): boolean {
    return name !== "" && this.nameRanges.get(name) === range;
  }

  private bind(name: Identifier, value: Operand): void {
    if (name.name === "") return;
    if (value === undefined) this.sound = false;
    if (!this.owns(name)) return;
    this.entries.set(name.name, value);
    this.mentionValue(name.range, value);
  }

  private declareParameter(statement: ParameterStatement): void {
    const { name, shape: annotation, trainable, range, documentation: doc } = statement;
    const declared = annotation && this.dimensions(annotation);
    const initial = initializerOf(this.context, statement, declared, this.attributes);
    const shape = initial?.shape;
    if (!this.owns(name)) return;
    const naming: Naming = { name, documentation: doc };
    const place = { title: name.name, range: name.range, naming };
    const sample = shape && { shape, batched: false };
    this.table.add({ kind: "parameter" }, place, sample, name.name);
    this.bind(name, name.name);
    if (initial === undefined) {
      this.sound = false;
      return;
    }
    this.parameters.push({
      id: name.name,
      name: name.name,
      shape: initial.shape,
      initializer: initial.initializer,
      trainable,
      range,
    });
  }

  private declareShared({ name, layer }: LayerStatement): void {
    if (name.name === "" || layer.kind === "missing") return;
    if (layer.kind !== "call" && layer.kind !== "name") {
      this.context.reporter.report("layer-expected", layer.range, []);
      this.sound = false;
      return;
    }
    const callee = calleeOf(layer);
    const doc = documentation("layer", callee.name);
    if (doc === undefined) {
      if (this.blocks.has(callee.name)) {
        this.context.reporter.report("not-supported", callee.range, [`The block \`${callee.name}\`: blocks are`]);
      } else if (callee.name !== "") {
        reportUnknown(this.context, "layer", callee, namesOf("layer"));
      }
      this.sound = false;
      return;
    }
    this.context.mention(callee.range, { kind: "callable", callable: "layer", name: doc.name });
    this.context.mention(name.range, { kind: "callable", callable: "layer", name: doc.name });
    const written = layer.kind === "call" ? layer.arguments : [];
    const bound = bindArguments(this.context, catalogCallee("layer", callee), doc.arguments, written, this.attributes);
    if (this.owns(name))
      this.shared.set(name.name, { name, layer: doc.name, arguments: bound.ok ? bound.values : undefined });
  }

  private declareWeights(instance: string, { weights }: InferredLayer, range: Range): void {
    const parameters = weights.map(({ name, shape, initializer }): Parameter => {
      const id = `${instance}.${name}`;
      this.table.describe(id, { shape, batched: false }, range);
      const initial = { kind: "call", call: initializer } as const;
      return { id, name, instance, shape, initializer: initial, trainable: true, range };
    });
    this.parametersOf.set(instance, parameters);
    this.parameters.push(...parameters);
  }

  private compareWeights(
    instance: string,
    known: readonly Parameter[],
    { weights }: InferredLayer,
    range: Range,
  ): void {
    for (const { name, shape } of weights) {
      const first = known.find((parameter) => parameter.name === name);
      if (first === undefined || formatShape(first.shape) === formatShape(shape)) continue;
      const related = [{ range: first.range, message: `${first.id} is ${formatShape(first.shape)} here` }];
      const shapes = [instance, formatShape(first.shape), formatShape(shape)] as const;
      this.context.reporter.report("shared-weights", range, [...shapes], { related });
      this.sound = false;
      return;
    }
  }

  // Outputs.

  private lowerReturn(statement: ReturnStatement): void {
    if (this.returned !== undefined) {
      const related = [{ range: this.returned.range, message: "the network returns here" }];
      this.context.reporter.report("second-return", statement.range, [], { related });
      this.sound = false;
      return;
    }
    this.returned = statement;
    const outputs: Output[] = [];
    for (const { name, value } of statement.outputs) {
      const free = name !== undefined && name.name !== "" && !this.hasName(name.name);
      const id = this.expressions.lower(value, free ? { name } : undefined);
      if (free) {
        this.nameRanges.set(name.name, name.range);
        this.entries.set(name.name, id);
      }
      if (name !== undefined) this.mentionValue(name.range, id);
      if (id === undefined) this.sound = false;
      else outputs.push({ name: name?.name ?? "output", value: id });
    }
    this.outputs = outputs;
  }

  private checkReturn(): void {
    const { name, body } = this.signature.declaration;
    const returned = body.find(({ kind }) => kind === "return");
    if (returned === undefined) {
      this.sound = false;
      this.context.reporter.report("missing-return", name.range, [name.name]);
    } else if (returned !== body.at(-1) && body.filter(({ kind }) => kind === "return").length === 1) {
      this.context.reporter.report("return-not-last", returned.range, []);
    }
  }

  // Helpers.

  private mentionValue(range: Range, id: Operand): void {
    if (id !== undefined) this.context.mention(range, { kind: "value", network: this.attributes.network, id });
  }

  private memberOfName(expression: MemberExpression, object: NameExpression): Operand {
    const owner = this.shared.get(object.name);
    if (owner !== undefined) {
      this.context.mention(object.range, { kind: "callable", callable: "layer", name: owner.layer });
    }
    const id = owner === undefined ? this.expressions.lower(object) : object.name;
    if (id === undefined) return undefined;
    const found = parameterOf(this.context, this.ownParameters(id), expression);
    if (found !== undefined) this.mentionValue(expression.property.range, found);
    return found;
  }

  /** Empty for a value that no layer gives. */
  private ownParameters(owner: ValueId): readonly Parameter[] | undefined {
    const instance = this.shared.has(owner) ? owner : this.instanceOf.get(owner);
    return instance === undefined ? [] : this.parametersOf.get(instance);
  }
}

/** `h1.augmented` is the bias row stacked on the weights: `h1.b` and `h1.W`. */
export function augmentedParts(expression: MemberExpression): readonly MemberExpression[] {
  return ["b", "W"].map((name) => ({ ...expression, property: { ...expression.property, name } }));
}

/** `h1.W` where h1 is a name of a network that has been lowered. Undefined after reporting. */
export function memberParameter(
  context: Context,
  { names, layers, attributes, parametersOf }: LoweredNetwork,
  expression: MemberExpression,
  object: NameExpression,
): ValueId | undefined {
  const { name, range } = object;
  const { network } = attributes;
  const owner = layers.has(name) ? name : names.get(name);
  if (owner === undefined) {
    if (names.has(name)) return undefined;
    const suggestion = nearest(name, [...names.keys(), ...layers]);
    context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }
  if (!layers.has(name)) context.mention(range, { kind: "value", network, id: owner });
  const found = parameterOf(context, parametersOf(owner), expression);
  if (found !== undefined) context.mention(expression.property.range, { kind: "value", network, id: found });
  return found;
}

/** The parameter that a `.name` picks. Undefined after reporting; silent when an error hides the parameters. */
function parameterOf(
  context: Context,
  parameters: readonly Parameter[] | undefined,
  { object, property }: MemberExpression,
): ValueId | undefined {
  if (property.name === "") return undefined;
  if (parameters === undefined) return undefined;
  const found = parameters.find(({ name }) => name === property.name);
  if (found !== undefined) return found.id;
  const members = parameters.map(({ name }) => name);
  const fixes = rename(property.range, nearest(property.name, members));
  const has = members.length === 0 ? "it has no parameters" : `it has ${members.join(" and ")}`;
  const owner = oneLine(context.text, object.range, 30);
  context.reporter.report("unknown-member", property.range, [owner, property.name, has], { fixes });
  return undefined;
}

function inputsFirst<T extends { readonly source: { readonly kind: string } }>(values: readonly T[]): T[] {
  const inputs = values.filter(({ source }) => source.kind === "input");
  return [...inputs, ...values.filter(({ source }) => source.kind !== "input")];
}
