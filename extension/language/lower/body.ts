// The statements of a network, or of one use of a block → values, parameters and outputs. All bodies of a network write
// into one table; those of blocks under ids of their own.

import type { BlockUse, Output } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Argument, MemberExpression, NameExpression, ParameterStatement, ReturnStatement, Stage } from "../ast";
import { Bindings } from "./bindings";
import { type BlockSource, contextOfUse } from "./block";
import { fittingInputs, mayUse } from "./block-use";
import type { AttributeScope, Scalar } from "./constants";
import type { Context } from "./context";
import { Expressions, type LayerCall, type Scope, type SpecialCall } from "./expression";
import { initializerOf } from "./initializer";
import { Members } from "./members";
import type { Instance, Names } from "./names";
import { readSharedLayer, type SharedLayer } from "./shared-layer";
import { bindCall, dimensions } from "./signature";
import { ordered, type Unit, unitsOf } from "./units";
import { type Naming, type Operand, type Place, ValueTable } from "./values";
import type { Surroundings, Whole } from "./whole";

export class Body implements Scope {
  readonly attributes: AttributeScope;
  outputs: readonly Output[] = [];
  private readonly table: ValueTable;
  private readonly bindings: Bindings;
  private readonly expressions: Expressions;
  private readonly members: Members;
  private readonly stages = new Map<Stage, Operand>();
  private returned: ReturnStatement | undefined;
  private depth: number;
  /** Whether nothing was wrong besides names. */
  private isSound = true;

  constructor(
    private readonly context: Context,
    private readonly whole: Whole,
    private readonly around: Surroundings,
  ) {
    const { signature, table, attributes, depth } = around;
    this.table = table;
    this.depth = depth;
    this.bindings = new Bindings(context, whole, around);
    this.attributes = {
      network: signature.declaration.name.name,
      values: attributes,
      isValue: (name) => this.bindings.isBound(name),
    };
    this.expressions = new Expressions(context, table, this);
    this.members = new Members(context, this.bindings, this.expressions, table, whole.weights);
  }

  /** `inputs` in the order of the signature. */
  run(inputs: readonly Operand[]): this {
    const { signature, depth } = this.around;
    for (const [position, { name }] of signature.inputs.entries()) this.bindings.declareInput(name, inputs[position]);
    for (const { name } of signature.attributes) this.bindings.declareAttribute(name);
    const units = unitsOf(this.context, signature.declaration.body);
    this.bindings.declareUnits(units);
    for (const unit of ordered(this.context, units)) {
      this.depth = depth + unit.depth;
      this.lowerUnit(unit);
    }
    this.checkReturn();
    return this;
  }

  /** Whether nothing was wrong. */
  get sound(): boolean {
    return this.isSound && this.bindings.sound;
  }

  get inside(): Names {
    return this.bindings.inside;
  }

  // Scope.

  names(): Iterable<string> {
    return this.bindings.names();
  }

  blocks(): Iterable<string> {
    return this.around.file.blocks.keys();
  }

  hasName(name: string): boolean {
    return this.bindings.has(name);
  }

  name(expression: NameExpression): Operand {
    return this.bindings.value(expression);
  }

  member(expression: MemberExpression): Operand {
    return this.members.value(expression);
  }

  special({ callee, piped, arguments: written, place }: SpecialCall): { readonly value: Operand } | undefined {
    const { name, range } = callee;
    const block = this.around.file.blocks.get(name);
    if (block !== undefined) {
      this.context.mention(range, { kind: "block", name });
      const { signature } = block;
      const bound = bindCall(this.context, signature, callee, written, piped.length, this.attributes);
      const inputs = [...piped, ...bound.inputs.map((input) => input && this.expressions.lower(input))];
      if (bound.inputs.includes(undefined) || piped.length > signature.inputs.length) {
        const given = piped.length + bound.inputs.filter((input) => input !== undefined).length;
        this.context.reporter.report("block-inputs", range, [name, signature.inputs.length, given]);
        this.isSound = false;
      }
      return { value: this.use(block, inputs, bound.attributes, place) };
    }
    const shared = this.bindings.sharedLayer(name);
    if (shared === undefined) return undefined;
    const { layer } = shared;
    return { value: layer && this.applyShared(name, layer, range, { piped, written, place }) };
  }

  layer({ layer, inputs, arguments: args, place }: LayerCall, shared?: string): Operand {
    const { id, instance, inferred } = this.table.layer(layer, inputs, args, place, shared);
    const { weights } = this.whole;
    weights.addLayer(id, instance);
    const at = this.table.placed(place.range);
    if (inferred !== undefined && !weights.addParameters(this.context, instance, inferred, at)) this.isSound = false;
    return id;
  }

  stage(stage: Stage): { readonly value: Operand } | undefined {
    return this.stages.has(stage) ? { value: this.stages.get(stage) } : undefined;
  }

  // Blocks.

  /** A fresh instance of a block; with `shared`, one that has the parameters of a `layer` statement. */
  private use(
    block: BlockSource,
    given: readonly Operand[],
    attributes: ReadonlyMap<string, Scalar>,
    place: Place,
    shared?: string,
  ): Operand {
    const { signature, file } = block;
    const { name } = signature.declaration.name;
    if (!mayUse(this.context, this.whole, this.around, block, { range: place.range, depth: this.depth })) {
      this.isSound = false;
      return undefined;
    }
    const instance = this.table.idFor(place, shared ?? name);
    const use: BlockUse = { block: name, instance, range: this.table.placed(place.range) };
    const { noted } = this.whole;
    const context = contextOfUse(this.context, this.around.file, block, place.range, { noted: noted.has(block) });
    noted.add(block);
    const prefix = `${instance}/`;
    const path = [...this.around.path, use];
    const outside = file.path === undefined ? {} : { place: path[0]!.range };
    const owner = shared === undefined ? prefix : `${this.table.ownedAs(shared)}/`;
    const table = new ValueTable(context, { prefix, owner, path, ...outside }, this.table);
    const body = new Body(context, this.whole, {
      signature,
      file,
      table,
      attributes: new Map(
        signature.attributes.map(({ name: attribute }) => [attribute.name, attributes.get(attribute.name)]),
      ),
      path,
      stack: [...this.around.stack, block],
      depth: this.depth + levelsOfUse,
    });
    const inputs = fittingInputs(this.context, this.around, block, body.attributes, given, place.range);
    const position = this.whole.instances.length;
    body.run(signature.inputs.map((_, index) => inputs[index]));
    if (!body.sound) this.isSound = false;
    const { outputs, inside } = body;
    const nameRange = place.naming && this.around.file.path === undefined ? { nameRange: place.naming.name.range } : {};
    const around = this.around.path.length > 0 ? { path: this.around.path } : {};
    const taken = signature.inputs.flatMap((_, input) => {
      const value = given[input];
      return value === undefined || this.table.bundled(value) ? [] : [{ input, value }];
    });
    const sharing = shared === undefined ? {} : { shared };
    const taking = { inputs: taken, arguments: Object.fromEntries(attributes), ...sharing };
    this.whole.instances.splice(position, 0, { ...use, ...nameRange, ...taking, outputs, ...around });
    const made: Instance = { block: name, outputs, inside };
    this.bindings.keepInstance(made, place.naming?.name.name, shared);
    return outputs.length > 1 ? this.table.bundle(prefix, made) : outputs[0]?.value;
  }

  private applyShared(
    name: string,
    shared: SharedLayer,
    range: Range,
    { piped, written, place }: { piped: readonly Operand[]; written: readonly Argument[]; place: Place },
  ): Operand {
    const { context } = this;
    this.whole.applied.add(this.table.ownedAs(name));
    if (shared.kind === "layer") context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
    else context.mention(range, { kind: "block", name: shared.block.signature.declaration.name.name });
    const takes = shared.kind === "layer" ? Number.POSITIVE_INFINITY : shared.block.signature.inputs.length;
    const positional = written.filter((argument) => argument.name === undefined);
    const applied =
      shared.kind === "layer" && piped.length > 0 ? [] : positional.slice(0, Math.max(0, takes - piped.length));
    const given = written.filter((argument) => !applied.includes(argument));
    if (given[0] !== undefined) context.reporter.report("layer-instance-call", given[0].range, [name]);
    const inputs = [...piped, ...applied.map(({ value }) => this.expressions.lower(value))];
    if (inputs.length === 0 && takes > 0) context.reporter.report("layer-without-input", range, [name]);
    if (shared.kind === "layer") {
      const call = {
        layer: shared.layer,
        inputs,
        arguments: shared.arguments,
        place: { ...place, title: name, written: place.title },
      };
      return this.layer(call, this.table.ownedAs(name));
    }
    if (inputs.length > 0 && inputs.length !== takes) {
      context.reporter.report("block-inputs", range, [name, takes, inputs.length]);
      this.isSound = false;
    }
    return this.use(shared.block, inputs, shared.attributes, place, name);
  }

  // Statements.

  private lowerUnit(unit: Unit): void {
    if (unit.kind === "segment") {
      const { pipeline, last, alias, tooDeep } = unit;
      const naming = this.bindings.owns(alias) ? { name: alias } : undefined;
      const value = tooDeep ? undefined : this.expressions.pipeline(pipeline, naming, last);
      this.stages.set(pipeline.stages[last]!, value);
      this.bindings.bind(alias, value);
      return;
    }
    if (unit.tooDeep) {
      this.isSound = false;
      return;
    }
    const { statement } = unit;
    switch (statement.kind) {
      case "binding": {
        const { name, value, documentation } = statement;
        this.bindings.bind(
          name,
          this.expressions.lower(value, this.bindings.owns(name) ? { name, documentation } : undefined),
        );
        return;
      }
      case "parameter":
        this.declareParameter(statement);
        return;
      case "layer":
        this.bindings.share(
          statement.name,
          readSharedLayer(this.context, statement, this.attributes, this.around.file.blocks),
        );
        return;
      case "return":
        this.lowerReturn(statement);
        return;
      default:
        statement satisfies never;
    }
  }

  private declareParameter(statement: ParameterStatement): void {
    const { name, shape: annotation, trainable, range, documentation: doc } = statement;
    const declared = annotation && dimensions(this.context, annotation, this.attributes);
    const initial = initializerOf(this.context, statement, declared, {
      attributes: this.attributes,
      folder: this.around.file.folder,
    });
    if (!this.bindings.owns(name)) return;
    const id = this.table.ownedAs(name.name);
    const naming: Naming = { name, documentation: doc };
    const place = { title: name.name, range: name.range, naming };
    // The second use of a shared block has the parameters of the first.
    const known = this.table.has(id);
    if (!known) {
      const sample = initial && { shape: initial.shape, batched: false };
      this.table.add({ kind: "parameter" }, place, sample, id);
    }
    this.bindings.bind(name, id);
    if (initial === undefined) {
      this.isSound = false;
      return;
    }
    if (known) return;
    this.whole.weights.parameters.push({
      id,
      name: name.name,
      shape: initial.shape,
      initializer: initial.initializer,
      trainable,
      range: this.table.placed(range),
    });
  }

  private lowerReturn(statement: ReturnStatement): void {
    if (this.returned !== undefined) {
      const related = [{ range: this.returned.range, message: "the network returns here" }];
      this.context.reporter.report("second-return", statement.range, [], { related });
      this.isSound = false;
      return;
    }
    this.returned = statement;
    const outputs: Output[] = [];
    for (const { name, value } of statement.outputs) {
      const free = name !== undefined && name.name !== "" && !this.bindings.has(name.name);
      if (free) this.bindings.refuseReserved(name);
      const id = this.table.single(this.expressions.lower(value, free ? { name } : undefined), value.range);
      if (free) this.bindings.declareOutput(name, id);
      if (name !== undefined) this.bindings.mention(name.range, id);
      if (id === undefined) this.isSound = false;
      else outputs.push({ name: name?.name ?? "output", value: id });
    }
    this.outputs = outputs;
  }

  private checkReturn(): void {
    const { name, body } = this.around.signature.declaration;
    const returned = body.find(({ kind }) => kind === "return");
    if (returned === undefined) {
      this.isSound = false;
      this.context.reporter.report("missing-return", name.range, [name.name]);
    } else if (returned !== body.at(-1) && body.filter(({ kind }) => kind === "return").length === 1) {
      this.context.reporter.report("return-not-last", returned.range, []);
    }
  }
}

/** What a use of a block costs of the depth of expressions. */
const levelsOfUse = 10;
