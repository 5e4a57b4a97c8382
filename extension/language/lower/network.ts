// NetworkDeclaration and values for its attributes → Network, with every value's shape.

import { documentation } from "../../../engine/model/catalog";
import type { SampleShape } from "../../../engine/model/infer";
import type { Network, Output, Parameter, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Identifier,
  LayerStatement,
  MemberExpression,
  NameExpression,
  ParameterStatement,
  ReturnStatement,
  Stage,
} from "../ast";
import { type AttributeScope, isConstant, type Scalar } from "./constants";
import type { Context } from "./context";
import { Expressions, type LayerCall, type Scope, type SpecialCall } from "./expression";
import { rename, suggest } from "./fixes";
import { initializerOf } from "./initializer";
import { blockInWords, readSharedLayer, type SharedLayer } from "./shared-layer";
import { type AttributeValues, dimensions, type Signature } from "./signature";
import { ordered, type Unit, unitsOf } from "./units";
import { type Naming, type Operand, ValueTable } from "./values";
import { augmentedParts, parameterOf, Weights } from "./weights";

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

class NetworkLowering implements Scope {
  readonly attributes: AttributeScope;
  private readonly table: ValueTable;
  private readonly weights: Weights;
  private readonly expressions: Expressions;
  private readonly entries = new Map<string, Operand>();
  private readonly nameRanges = new Map<string, Range>();
  /** By the names of `layer` statements; undefined where an error hides the layer. */
  private readonly shared = new Map<string, SharedLayer | undefined>();
  private readonly stages = new Map<Stage, Operand>();
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
    this.weights = new Weights(context, this.table);
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
      parameters: this.weights.parameters,
      outputs: this.outputs,
      complete: this.sound && this.outputs.length > 0 && values.every(({ shape }) => shape !== undefined),
    };
    return {
      network,
      names: this.entries,
      layers: new Set(this.shared.keys()),
      attributes: this.attributes,
      shapeOf: (id) => this.table.shapeOf(id),
      parametersOf: (owner) => this.weights.of(owner),
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
    if (this.shared.has(name)) {
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
    const suggestion = suggest(this.context, name, this.names());
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
    return id === undefined ? undefined : parameterOf(this.context, this.weights.of(id), expression);
  }

  special({ callee, piped, arguments: written, place }: SpecialCall): { readonly value: Operand } | undefined {
    const { name, range } = callee;
    if (this.blocks.has(name)) {
      this.context.reporter.report("not-supported", range, [blockInWords(name)]);
      for (const { value } of written) if (!isConstant(value, this.attributes)) this.expressions.lower(value);
      return { value: undefined };
    }
    if (!this.shared.has(name)) return undefined;
    const shared = this.shared.get(name);
    if (shared === undefined) return { value: undefined };
    this.context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
    const given = piped.length > 0 ? written : written.filter((argument) => argument.name !== undefined);
    if (given[0] !== undefined) this.context.reporter.report("layer-instance-call", given[0].range, [name]);
    const applied = written.filter((argument) => !given.includes(argument));
    const inputs = [...piped, ...applied.map(({ value }) => this.expressions.lower(value))];
    if (inputs.length === 0) this.context.reporter.report("layer-without-input", range, [name]);
    const call = { layer: shared.layer, inputs, arguments: shared.arguments, place: { ...place, title: name } };
    return { value: this.layer(call, name) };
  }

  layer({ layer, inputs, arguments: args, place }: LayerCall, shared?: string): Operand {
    const { id, inferred } = this.table.layer(layer, inputs, args, place, shared);
    const instance = shared ?? id;
    this.weights.addLayer(id, instance);
    if (inferred !== undefined && !this.weights.addParameters(instance, inferred, place.range)) this.sound = false;
    return id;
  }

  stage(stage: Stage): { readonly value: Operand } | undefined {
    return this.stages.has(stage) ? { value: this.stages.get(stage) } : undefined;
  }

  // Declarations.

  private lowerInputs(): void {
    for (const { name, shape: annotation } of this.signature.inputs) {
      const sizes = annotation === undefined ? [] : dimensions(this.context, annotation, this.attributes);
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
    if (unit.kind === "segment") {
      const { pipeline, last, alias, tooDeep } = unit;
      const naming = this.owns(alias) ? { name: alias } : undefined;
      const value = tooDeep ? undefined : this.expressions.pipeline(pipeline, naming, last);
      this.stages.set(pipeline.stages[last]!, value);
      this.bind(alias, value);
      return;
    }
    if (unit.tooDeep) {
      this.sound = false;
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
    const declared = annotation && dimensions(this.context, annotation, this.attributes);
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
    this.weights.parameters.push({
      id: name.name,
      name: name.name,
      shape: initial.shape,
      initializer: initial.initializer,
      trainable,
      range,
    });
  }

  private declareShared(statement: LayerStatement): void {
    const shared = readSharedLayer(this.context, statement, this.attributes, this.blocks);
    if (shared === undefined) this.sound = false;
    if (this.owns(statement.name)) this.shared.set(statement.name.name, shared);
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
    const { name, range } = object;
    const shared = this.shared.get(name);
    if (shared !== undefined) this.context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
    const id = this.shared.has(name) ? name : this.expressions.lower(object);
    if (id === undefined) return undefined;
    // A shared layer has no parameters before its first use gives them their shape.
    const parameters = this.shared.has(name) && this.weights.of(name)?.length === 0 ? undefined : this.weights.of(id);
    const found = parameterOf(this.context, parameters, expression);
    if (found !== undefined) this.mentionValue(expression.property.range, found);
    return found;
  }
}

function inputsFirst<T extends { readonly source: { readonly kind: string } }>(values: readonly T[]): T[] {
  const inputs = values.filter(({ source }) => source.kind === "input");
  return [...inputs, ...values.filter(({ source }) => source.kind !== "input")];
}
