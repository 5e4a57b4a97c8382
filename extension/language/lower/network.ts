// NetworkDeclaration and values for its attributes → Network, with every value's shape.

import type { SampleShape } from "../../../engine/model/infer";
import type { BlockInstance, Network, Parameter, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { BlockSource, FileScope } from "./block";
import { Body } from "./body";
import type { AttributeScope } from "./constants";
import type { Context } from "./context";
import type { Names } from "./names";
import { type AttributeValues, dimensions, type Signature } from "./signature";
import { type Operand, ValueTable } from "./values";
import { Weights } from "./weights";
import type { Whole } from "./whole";

export interface LoweredNetwork {
  readonly network: Network;
  readonly names: Names;
  /** The shared layers and blocks that are used. */
  readonly applied: ReadonlySet<string>;
  readonly attributes: AttributeScope;
  shapeOf(id: Operand): SampleShape | undefined;
  /** Parameters of the layer that gives a value, or of a shared layer; undefined where an error hides them. */
  parametersOf(owner: ValueId): readonly Parameter[] | undefined;
}

export interface NetworkSource {
  readonly signature: Signature;
  readonly file: FileScope;
}

export interface LoweringOptions {
  /** Blocks whose names have been noted; those that are used are added. */
  readonly noted: Set<BlockSource>;
  /** The place of everything, for a network of another file. */
  readonly place?: Range;
  /** The block that is lowered as if it were a network: its inputs may have any shape. */
  readonly block?: BlockSource;
}

export function lowerNetwork(
  context: Context,
  { signature, file }: NetworkSource,
  given: AttributeValues,
  { noted, place, block }: LoweringOptions,
): LoweredNetwork {
  const { declaration } = signature;
  const { name } = declaration.name;
  const table = new ValueTable(context, { prefix: "", owner: "", path: [], ...(place ? { place } : {}) });
  const weights = new Weights(table);
  const instances: BlockInstance[] = [];
  const whole: Whole = { network: name, weights, instances, noted, applied: new Set(), uses: 0, isFull: false };
  const body = new Body(context, whole, {
    signature,
    file,
    table,
    attributes: new Map(
      signature.attributes.map(({ name: attribute, default: preset }) => [
        attribute.name,
        given.get(attribute.name) ?? preset,
      ]),
    ),
    path: [],
    stack: block ? [block] : [],
    depth: 0,
  });
  const inputs = signature.inputs.map(({ name: input, shape: annotation }) => {
    const sizes = annotation === undefined ? [] : dimensions(context, annotation, body.attributes);
    const shape = sizes && (annotation !== undefined || !block) ? { shape: sizes, batched: true } : undefined;
    const at = { title: input.name, range: input.range, naming: { name: input } };
    return table.add({ kind: "input" }, at, shape, input.name);
  });
  body.run(inputs);
  const values = inputsFirst(table.values);
  const network: Network = {
    name,
    documentation: declaration.documentation,
    range: place ?? declaration.range,
    nameRange: place ?? declaration.name.range,
    attributes: signature.attributes.flatMap(({ name: attribute, type }) => {
      const value = body.attributes.values.get(attribute.name);
      return value === undefined ? [] : [{ name: attribute.name, type, value }];
    }),
    values,
    parameters: weights.parameters,
    outputs: body.outputs,
    ...(instances.length > 0 ? { blocks: instances } : {}),
    ...(file.path === undefined ? {} : { imported: file.path }),
    complete: body.sound && body.outputs.length > 0 && values.every(({ shape }) => shape !== undefined),
  };
  return {
    network,
    names: body.inside,
    applied: whole.applied,
    attributes: body.attributes,
    shapeOf: (id) => table.shapeOf(id),
    parametersOf: (owner) => weights.of(owner),
  };
}

function inputsFirst<T extends { readonly source: { readonly kind: string } }>(values: readonly T[]): T[] {
  const inputs = values.filter(({ source }) => source.kind === "input");
  return [...inputs, ...values.filter(({ source }) => source.kind !== "input")];
}
