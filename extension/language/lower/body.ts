// The statements of a network, or of one use of a block → values, parameters and outputs. All bodies of a network write
// into one table; those of blocks under ids of their own.

import { documentation } from "../../../engine/model/catalog";
import { formatShape } from "../../../engine/model/shape";
import type { BlockInstance, BlockUse, Output } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  Identifier,
  LayerStatement,
  MemberExpression,
  NameExpression,
  ParameterStatement,
  ReturnStatement,
  Stage,
} from "../ast";
import { type BlockSource, contextOfUse, type FileScope } from "./block";
import type { AttributeScope, Scalar } from "./constants";
import { type Context, oneLine } from "./context";
import { Expressions, type LayerCall, type Scope, type SpecialCall } from "./expression";
import { rename, suggest } from "./fixes";
import { initializerOf } from "./initializer";
import { type Instance, memberOf, type Named, type Names, named, singleValue } from "./names";
import { readSharedLayer, type SharedLayer } from "./shared-layer";
import { bindCall, dimensions, type Signature } from "./signature";
import { deepest, ordered, type Unit, unitsOf } from "./units";
import { type Naming, type Operand, type Place, ValueTable } from "./values";
import { augmentedParts, type Weights } from "./weights";

/** What all bodies of one network share. */
export interface Whole {
  readonly network: string;
  readonly weights: Weights;
  readonly instances: BlockInstance[];
  /** Blocks with a use whose names have been noted. */
  readonly noted: Set<BlockSource>;
  /** Shared layers and blocks that are used, by whose parameters they have. */
  readonly applied: Set<string>;
  /** The uses of blocks so far, wherever they are. */
  uses: number;
  /** There are so many values that no more are made; it has been reported. */
  isFull: boolean;
}

/** Where a body stands. */
export interface Surroundings {
  readonly signature: Signature;
  readonly file: FileScope;
  readonly table: ValueTable;
  /** By name; undefined when not known. */
  readonly attributes: ReadonlyMap<string, Scalar | undefined>;
  readonly path: readonly BlockUse[];
  /** The blocks it is in, outermost first. */
  readonly stack: readonly BlockSource[];
  /** Of the expressions around. */
  readonly depth: number;
}

/** The values of the whole network and the uses of blocks; more can neither be drawn nor run. */
const mostValues = 10_000;

export class Body implements Scope {
  readonly attributes: AttributeScope;
  /** Whether nothing was wrong. */
  sound = true;
  outputs: readonly Output[] = [];
  private readonly table: ValueTable;
  private readonly expressions: Expressions;
  private readonly entries = new Map<string, Operand>();
  private readonly nameRanges = new Map<string, Range>();
  /** By the names of `layer` statements; undefined where an error hides the layer. */
  private readonly shared = new Map<string, SharedLayer | undefined>();
  private readonly owners = new Map<string, string>();
  private readonly instances = new Map<string, Instance>();
  /** Of the first use of a shared block. */
  private readonly firstUses = new Map<string, Instance>();
  private readonly stages = new Map<Stage, Operand>();
  private returned: ReturnStatement | undefined;
  private depth: number;

  constructor(
    private readonly context: Context,
    private readonly whole: Whole,
    private readonly around: Surroundings,
  ) {
    const { signature, table, attributes, depth } = around;
    this.table = table;
    this.depth = depth;
    this.attributes = {
      network: signature.declaration.name.name,
      values: attributes,
      isValue: (name) => this.nameRanges.has(name),
    };
    this.expressions = new Expressions(context, table, this);
  }

  /** `inputs` in the order of the signature. */
  run(inputs: readonly Operand[]): this {
    const { signature, depth } = this.around;
    for (const [position, { name }] of signature.inputs.entries()) this.declareInput(name, inputs[position]);
    for (const { name } of signature.attributes) {
      this.context.mention(name.range, { kind: "attribute", network: this.attributes.network, name: name.name });
      this.refuseReserved(name);
    }
    const units = unitsOf(this.context, signature.declaration.body);
    this.declareNames(units);
    for (const unit of ordered(this.context, units)) {
      this.depth = depth + unit.depth;
      this.lowerUnit(unit);
    }
    this.checkReturn();
    return this;
  }

  get inside(): Names {
    return { values: this.entries, layers: this.owners, instances: this.instances };
  }

  // Scope.

  *names(): Iterable<string> {
    yield* this.nameRanges.keys();
    yield* this.attributes.values.keys();
  }

  blocks(): Iterable<string> {
    return this.around.file.blocks.keys();
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
    if (documentation("layer", name) !== undefined || this.around.file.blocks.has(name)) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    const suggestion = suggest(this.context, name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }

  member(expression: MemberExpression): Operand {
    if (expression.property.name === "augmented") {
      const parts = augmentedParts(expression).map((part) => this.member(part));
      return this.table.operation("augmented", parts, {}, this.expressions.placeOf(expression.range));
    }
    const found = this.memberOf(expression);
    if (found === undefined) return undefined;
    const value = singleValue(found);
    if (value === undefined) this.notSingle(found, expression);
    return value;
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
        this.sound = false;
      }
      return { value: this.use(block, inputs, bound.attributes, place) };
    }
    if (!this.shared.has(name)) return undefined;
    const shared = this.shared.get(name);
    if (shared === undefined) return { value: undefined };
    return { value: this.applyShared(name, shared, range, { piped, written, place }) };
  }

  layer({ layer, inputs, arguments: args, place }: LayerCall, shared?: string): Operand {
    const { id, instance, inferred } = this.table.layer(layer, inputs, args, place, shared);
    const { weights } = this.whole;
    weights.addLayer(id, instance);
    const at = this.table.placed(place.range);
    if (inferred !== undefined && !weights.addParameters(this.context, instance, inferred, at)) this.sound = false;
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
    if (!this.mayUse(block, place.range)) {
      this.sound = false;
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
    const inputs = this.fitting(block, body.attributes, given, place.range);
    const position = this.whole.instances.length;
    body.run(signature.inputs.map((_, index) => inputs[index]));
    if (!body.sound) this.sound = false;
    const { outputs, inside } = body;
    const nameRange = place.naming && this.around.file.path === undefined ? { nameRange: place.naming.name.range } : {};
    const around = this.around.path.length > 0 ? { path: this.around.path } : {};
    this.whole.instances.splice(position, 0, { ...use, ...nameRange, outputs, ...around });
    const made: Instance = { block: name, outputs, inside };
    if (place.naming) this.instances.set(place.naming.name.name, made);
    if (shared !== undefined && !this.firstUses.has(shared)) this.firstUses.set(shared, made);
    return outputs.length > 1 ? this.table.bundle(prefix, made) : outputs[0]?.value;
  }

  /** Reports a block that contains itself, and networks without end. */
  private mayUse(block: BlockSource, range: Range): boolean {
    const { stack } = this.around;
    if (stack.includes(block)) {
      const circle = [...stack.slice(stack.indexOf(block)), block].map(
        ({ signature }) => signature.declaration.name.name,
      );
      this.context.reporter.report("block-cycle", range, [circle.join(" → ")]);
      return false;
    }
    const { network } = this.whole;
    const before = this.whole.isFull;
    this.whole.isFull ||= ++this.whole.uses + this.table.values.length > mostValues;
    if (this.whole.isFull) {
      if (before) return false;
      const reason = `${network} has more than ${mostValues.toLocaleString("en-US")} values`;
      this.context.reporter.report("too-large", range, [reason]);
      return false;
    }
    if (this.depth > deepest) {
      this.context.reporter.report("too-large", range, [`${network} has blocks inside blocks, too many of them`]);
      return false;
    }
    return true;
  }

  /** The inputs that are what the block declares; undefined for one that is not, after reporting it. */
  private fitting(
    { signature, file }: BlockSource,
    attributes: AttributeScope,
    given: readonly Operand[],
    range: Range,
  ): Operand[] {
    return signature.inputs.map(({ name, shape: annotation }, position) => {
      const id = this.table.single(given[position], range);
      if (annotation === undefined || id === undefined) return id;
      const found = this.table.shapeOf(id)?.shape;
      // What is wrong with the annotation is told with the body.
      const needed = dimensions({ ...this.context, ...silence, text: file.text }, annotation, attributes);
      if (found === undefined || needed === undefined || formatShape(found) === formatShape(needed)) return id;
      const related =
        file === this.around.file ? [{ range: name.range, message: `${name.name} is ${formatShape(needed)}` }] : [];
      const block = signature.declaration.name.name;
      const gives = `${this.table.titleOf(id)} is ${formatShape(found)}`;
      const words = [block, name.name, formatShape(needed), gives] as const;
      this.context.reporter.report("block-input-shape", range, [...words], { related });
      return undefined;
    });
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
      this.sound = false;
    }
    return this.use(shared.block, inputs, shared.attributes, place, name);
  }

  // Declarations.

  private declareInput(name: Identifier, value: Operand): void {
    this.entries.set(name.name, value);
    this.nameRanges.set(name.name, name.range);
    this.mentionValue(name.range, value);
    this.refuseReserved(name);
  }

  /** Notes every name that the body binds, so that a use before its binding is no unknown name. */
  private declareNames(units: readonly Unit[]): void {
    const names = units.flatMap(({ name }) => (name === undefined ? [] : [name]));
    for (const identifier of names.sort((a, b) => a.range.start - b.range.start)) {
      const { name, range } = identifier;
      this.refuseReserved(identifier);
      const attribute = this.around.signature.attributes.find((candidate) => candidate.name.name === name);
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

  /** Losses and checks look at a network's names. */
  private refuseReserved({ name, range }: Identifier): void {
    if (!reserved.has(name) || this.around.path.length > 0) return;
    this.context.reporter.report("reserved-name", range, [name]);
    this.sound = false;
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
    const initial = initializerOf(this.context, statement, declared, {
      attributes: this.attributes,
      folder: this.around.file.folder,
    });
    if (!this.owns(name)) return;
    const id = this.table.ownedAs(name.name);
    const naming: Naming = { name, documentation: doc };
    const place = { title: name.name, range: name.range, naming };
    // The second use of a shared block has the parameters of the first.
    const known = this.table.has(id);
    if (!known) {
      const sample = initial && { shape: initial.shape, batched: false };
      this.table.add({ kind: "parameter" }, place, sample, id);
    }
    this.bind(name, id);
    if (initial === undefined) {
      this.sound = false;
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

  private declareShared(statement: LayerStatement): void {
    const shared = readSharedLayer(this.context, statement, this.attributes, this.around.file.blocks);
    if (shared === undefined) this.sound = false;
    const { name } = statement.name;
    if (!this.owns(statement.name)) return;
    this.shared.set(name, shared);
    this.owners.set(name, this.table.ownedAs(name));
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
      if (free) this.refuseReserved(name);
      const id = this.table.single(this.expressions.lower(value, free ? { name } : undefined), value.range);
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
    const { name, body } = this.around.signature.declaration;
    const returned = body.find(({ kind }) => kind === "return");
    if (returned === undefined) {
      this.sound = false;
      this.context.reporter.report("missing-return", name.range, [name.name]);
    } else if (returned !== body.at(-1) && body.filter(({ kind }) => kind === "return").length === 1) {
      this.context.reporter.report("return-not-last", returned.range, []);
    }
  }

  // Members.

  private memberOf(expression: MemberExpression): Named | undefined {
    const owner = this.ownerOf(expression);
    if (owner === undefined) return undefined;
    const found = memberOf(this.context, (id) => this.whole.weights.of(id), owner, expression);
    if (found !== undefined) this.mentionValue(expression.property.range, singleValue(found));
    return found;
  }

  private ownerOf({ object }: MemberExpression): Named | undefined {
    if (object.kind === "member" && object.property.name !== "T" && object.property.name !== "augmented") {
      return this.memberOf(object);
    }
    if (object.kind === "name" && !this.attributes.values.has(object.name)) {
      const { name, range } = object;
      const shared = this.shared.get(name);
      if (shared?.kind === "layer") {
        this.context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
      }
      if (shared?.kind === "block") {
        const instance = this.firstUses.get(name);
        return instance && { kind: "instance", instance };
      }
      if (this.shared.has(name) || this.instances.has(name)) {
        if (this.instances.has(name)) this.mentionValue(range, this.entries.get(name));
        return named(this.inside, name);
      }
    }
    const id = this.expressions.lower(object);
    const instance = this.table.bundled(id);
    if (instance !== undefined) return { kind: "instance", instance };
    return id === undefined ? undefined : { kind: "value", id };
  }

  private notSingle(found: Named, { range, property }: MemberExpression): void {
    if (found.kind === "layer") {
      this.context.reporter.report("layer-without-input", property.range, [oneLine(this.context.text, range, 30)]);
    } else if (found.kind === "instance" && found.instance.outputs.length > 1) {
      const { block, outputs } = found.instance;
      this.context.reporter.report("several-outputs", range, [block, outputs.map(({ name }) => name)]);
    }
  }

  // Helpers.

  private mentionValue(range: Range, id: Operand): void {
    if (id === undefined || this.table.bundled(id) !== undefined) return;
    this.context.mention(range, { kind: "value", network: this.whole.network, id });
  }
}

/** What a use of a block costs of the depth of expressions. */
const levelsOfUse = 10;

/** What losses and checks call the numbers to compare with. */
const reserved: ReadonlySet<string> = new Set(["target"]);

const silence = { reporter: { isFull: true, report: () => {} }, mention: () => {} };
