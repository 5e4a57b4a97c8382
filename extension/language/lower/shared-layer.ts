// `layer encoder = Dense(64)`: a layer or block with its arguments bound, to be applied by several pipelines.

import { documentation, namesOf } from "../../../engine/model/catalog";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { LayerStatement } from "../ast";
import { bindArguments, calleeOf, catalogCallee, reportUnknown } from "./arguments";
import type { BlockNames, BlockSource } from "./block";
import type { AttributeScope } from "./constants";
import type { Context } from "./context";
import { type AttributeValues, bindCall } from "./signature";

export type SharedLayer =
  | {
      readonly kind: "layer";
      readonly layer: string;
      /** Undefined when they are wrong. */
      readonly arguments: Arguments | undefined;
    }
  | { readonly kind: "block"; readonly block: BlockSource; readonly attributes: AttributeValues };

/** Undefined after reporting what is wrong. */
export function readSharedLayer(
  context: Context,
  { name, layer }: LayerStatement,
  attributes: AttributeScope,
  blocks: BlockNames,
): SharedLayer | undefined {
  if (layer.kind === "missing") return undefined;
  if (layer.kind !== "call" && layer.kind !== "name") {
    context.reporter.report("layer-expected", layer.range, []);
    return undefined;
  }
  const callee = calleeOf(layer);
  const written = layer.kind === "call" ? layer.arguments : [];
  const block = blocks.get(callee.name);
  if (block !== undefined) {
    for (const { range } of [callee, name]) context.mention(range, { kind: "block", name: callee.name });
    // Its inputs come where it is used: all that is written here are attributes.
    const { signature } = block;
    const bound = bindCall(context, signature, callee, written, signature.inputs.length, attributes);
    return { kind: "block", block, attributes: bound.attributes };
  }
  const doc = documentation("layer", callee.name);
  if (doc === undefined) {
    if (callee.name !== "") reportUnknown(context, "layer", callee, [...namesOf("layer"), ...blocks.keys()]);
    return undefined;
  }
  for (const { range } of [callee, name]) {
    context.mention(range, { kind: "callable", callable: "layer", name: doc.name });
  }
  const bound = bindArguments(context, catalogCallee("layer", callee), doc.arguments, written, attributes);
  return { kind: "layer", layer: doc.name, arguments: bound.ok ? bound.values : undefined };
}
