// The values of one network, or of one check's formulas, as they come: ids, shapes, and the shape errors in words.

import { documentation } from "../../../engine/model/catalog";
import { type InferredLayer, inferFunction, inferLayer, type SampleShape } from "../../../engine/model/infer";
import { formatShape, ShapeError } from "../../../engine/model/shape";
import type { NdArray } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { RelatedPlace } from "../../../engine/protocol/diagnostic";
import type { BlockUse, Value, ValueId, ValueSource } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Identifier } from "../ast";
import type { Context } from "./context";
import type { Instance } from "./names";

/** What the user calls a value. */
export interface Naming {
  readonly name: Identifier;
  readonly documentation?: string;
}

/** Where a value stands and what to call it in messages and diagram nodes. */
export interface Place {
  readonly title: string;
  /** What a message calls it when it has no name: `Dense(64)`; the title when absent. */
  readonly written?: string;
  readonly range: Range;
  readonly naming: Naming | undefined;
}

/** What an expression gives; undefined because of an error reported elsewhere. */
export type Operand = ValueId | undefined;

/** Where the values of one body go. */
export interface TableFrame {
  /** In front of every id: `r1/`. */
  readonly prefix: string;
  /** In front of the names of its parameters; for a shared block that is another one. */
  readonly owner: string;
  /** The uses of blocks around, outermost first. */
  readonly path: readonly BlockUse[];
  /** The place of everything, when the text is that of another file. */
  readonly place?: Range;
}

const outermost: TableFrame = { prefix: "", owner: "", path: [] };

export class ValueTable {
  readonly values: Value[];
  private readonly known: Map<ValueId, Described>;
  private readonly bundles: Map<ValueId, Instance>;
  private readonly counters = new Map<string, number>();

  /** With `around`, a part of that table: the same values, ids of its own. */
  constructor(
    private readonly context: Context,
    private readonly frame: TableFrame = outermost,
    around?: ValueTable,
  ) {
    this.values = around?.values ?? [];
    this.known = around?.known ?? new Map();
    this.bundles = around?.bundles ?? new Map();
  }

  has(id: ValueId): boolean {
    return this.known.has(id);
  }

  /** The id of what has this name in the body. */
  idOf(name: string): ValueId {
    return this.frame.prefix + name;
  }

  /** The id of a parameter, or the instance of a layer, that has this name in the body. */
  ownedAs(name: string): ValueId {
    return this.frame.owner + name;
  }

  /** A range of the body's text, as the file that is lowered has it. */
  placed(range: Range): Range {
    return this.frame.place ?? range;
  }

  shapeOf(id: Operand): SampleShape | undefined {
    return id === undefined ? undefined : this.known.get(id)?.shape;
  }

  rangeOf(id: ValueId): Range | undefined {
    return this.known.get(id)?.range;
  }

  /** A value whose shape is given, not inferred: inputs, parameters, observed quantities. */
  add(source: ValueSource, place: Place, shape: SampleShape | undefined, id: ValueId): ValueId {
    const { title, written = title, naming } = place;
    const { path } = this.frame;
    const range = this.placed(place.range);
    this.known.set(id, { title: naming?.name.name ?? written, range, shape, given: givenKinds.has(source.kind) });
    this.values.push({
      id,
      ...(naming && id === this.idOf(naming.name.name) ? this.named(naming.name) : {}),
      title,
      source,
      ...(shape ? { shape: shape.shape } : {}),
      batched: shape?.batched ?? source.kind !== "constant",
      range,
      ...(naming?.documentation ? { documentation: naming.documentation } : {}),
      ...(path.length > 0 ? { path } : {}),
    });
    return id;
  }

  /** What a block with several outputs gives: it may be named, and its outputs taken, but it is no value. */
  bundle(id: ValueId, instance: Instance): ValueId {
    this.bundles.set(id, instance);
    return id;
  }

  bundled(id: Operand): Instance | undefined {
    return id === undefined ? undefined : this.bundles.get(id);
  }

  /** The operand if it is one value; reports several. */
  single(id: Operand, range: Range): Operand {
    const instance = this.bundled(id);
    if (instance === undefined) return id;
    const { block, outputs } = instance;
    this.context.reporter.report("several-outputs", range, [block, outputs.map(({ name }) => name)]);
    return undefined;
  }

  /** A parameter of a layer: it has an id and a shape, but is no value of its own. */
  describe(id: ValueId, shape: SampleShape, range: Range): void {
    this.known.set(id, { title: id, range, shape, given: true });
  }

  constant(data: NdArray, place: Place): ValueId {
    const id = this.idFor(place, "constant");
    return this.add({ kind: "constant", data }, place, { shape: data.shape, batched: false }, id);
  }

  operation(name: string, operands: readonly Operand[], args: Arguments | undefined, place: Place): ValueId {
    const inputs = operands.map((id) => this.single(id, place.range));
    const shapes = this.shapesOf(inputs);
    const shape = args && shapes && this.inferred(inputs, shapes, place, () => inferFunction(name, args, shapes), name);
    return this.add(
      { kind: "operation", function: name, inputs: inputs.filter(isKnown), arguments: args ?? {} },
      place,
      shape,
      this.idFor(place, name),
    );
  }

  /** `shared` undefined: the value has parameters of its own, named after it. */
  layer(
    layer: string,
    operands: readonly Operand[],
    args: Arguments | undefined,
    place: Place,
    shared?: string,
  ): { readonly id: ValueId; readonly instance: string; readonly inferred: InferredLayer | undefined } {
    const inputs = operands.map((id) => this.single(id, place.range));
    const shapes = this.shapesOf(inputs);
    const inferred =
      args && shapes && this.inferred(inputs, shapes, place, () => inferLayer(layer, args, shapes), place.title);
    const id = this.idFor(place, place.title);
    const instance = shared ?? this.ownedAs(id.slice(this.frame.prefix.length));
    this.add(
      {
        kind: "layer",
        layer,
        instance,
        arguments: args ?? {},
        chosen: args ? chosenOf(layer, args) : [],
        inputs: inputs.filter(isKnown),
      },
      place,
      inferred?.output,
      id,
    );
    return { id, instance, inferred };
  }

  /** `Dense#2`: no user can write it, so it is never taken. */
  anonymousId(stem: string): ValueId {
    const count = (this.counters.get(stem) ?? 0) + 1;
    this.counters.set(stem, count);
    return this.idOf(`${stem}#${count}`);
  }

  /** The name, if the place has one that is free. */
  idFor({ naming }: Place, stem: string): ValueId {
    if (naming !== undefined && naming.name.name !== "") {
      const id = this.idOf(naming.name.name);
      if (!this.known.has(id)) return id;
    }
    return this.anonymousId(stem);
  }

  private named({ name, range }: Identifier): Pick<Value, "name" | "nameRange"> {
    return this.frame.place === undefined ? { name, nameRange: range } : { name };
  }

  private shapesOf(ids: readonly Operand[]): SampleShape[] | undefined {
    const shapes = ids.map((id) => this.shapeOf(id));
    return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
  }

  /** Runs an inference; a ShapeError becomes a diagnostic that names the places the shapes come from. */
  private inferred<T>(
    inputs: readonly Operand[],
    shapes: readonly SampleShape[],
    place: Place,
    infer: () => T,
    what: string,
  ): T | undefined {
    try {
      return infer();
    } catch (problem) {
      if (!(problem instanceof ShapeError)) throw problem;
      const blamed = problem.inputs.filter((position) => position < inputs.length);
      const message = this.explain(problem, blamed, inputs, shapes, what);
      this.context.reporter.report("shape", place.range, [message], { related: this.origins(inputs, shapes) });
      return undefined;
    }
  }

  /** `h1 gives [64], but W: [32, 10] needs [32] here`: what comes, from where, and why it does not fit. */
  private explain(
    problem: ShapeError,
    blamed: readonly number[],
    inputs: readonly Operand[],
    shapes: readonly SampleShape[],
    what: string,
  ): string {
    const [left, right] = shapes;
    const inner = right && (right.shape.at(-2) ?? right.shape[0]);
    if (
      what === "matmul" &&
      left &&
      right &&
      inner !== undefined &&
      left.shape.at(-1) !== inner &&
      left.shape.length > 0
    ) {
      const needs = formatShape([...left.shape.slice(0, -1), inner]);
      return `${this.sentence(inputs[0]!, left)}, but ${this.titleOf(inputs[1]!)}: ${formatShape(right.shape)} needs ${needs} here`;
    }
    const given = blamed.map((position) => this.sentence(inputs[position]!, shapes[position]!)).join(" and ");
    // A layer speaks of itself as "it".
    const reason = problem.message.replace(/^it /, `${what} `).replace(/\.$/, "");
    return given === "" ? reason : `${given}: ${reason}`;
  }

  private origins(inputs: readonly Operand[], shapes: readonly SampleShape[]): RelatedPlace[] {
    return inputs.flatMap((id, position): RelatedPlace[] => {
      const range = id === undefined ? undefined : this.rangeOf(id);
      return range ? [{ range, message: this.sentence(id!, shapes[position]!) }] : [];
    });
  }

  /** `h1 gives [64]`, `W is [32, 10]`. */
  private sentence(id: ValueId, { shape }: SampleShape): string {
    return `${this.titleOf(id)} ${this.known.get(id)?.given ? "is" : "gives"} ${formatShape(shape)}`;
  }

  titleOf(id: ValueId): string {
    return this.known.get(id)?.title ?? id;
  }
}

interface Described {
  readonly title: string;
  readonly range: Range;
  readonly shape: SampleShape | undefined;
  /** Written down, not computed. */
  readonly given: boolean;
}

const givenKinds: ReadonlySet<ValueSource["kind"]> = new Set(["input", "parameter", "constant"]);

function isKnown(id: Operand): id is ValueId {
  return id !== undefined;
}

function chosenOf(layer: string, args: Arguments): string[] {
  const docs = documentation("layer", layer)?.arguments ?? [];
  return docs.filter((doc) => doc.name in args && args[doc.name] !== doc.default).map(({ name }) => name);
}
