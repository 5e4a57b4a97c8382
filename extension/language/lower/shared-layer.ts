// `layer encoder = Dense(64)`: a layer with its arguments bound, to be applied by several pipelines.

import { documentation, namesOf } from "../../../engine/model/catalog";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { Identifier, LayerStatement } from "../ast";
import { bindArguments, calleeOf, catalogCallee, reportUnknown } from "./arguments";
import type { AttributeScope } from "./constants";
import type { Context } from "./context";

export interface SharedLayer {
  readonly name: Identifier;
  readonly layer: string;
  /** Undefined when they are wrong. */
  readonly arguments: Arguments | undefined;
}

/** Undefined after reporting what is wrong. */
export function readSharedLayer(
  context: Context,
  { name, layer }: LayerStatement,
  attributes: AttributeScope,
  blocks: ReadonlySet<string>,
): SharedLayer | undefined {
  if (layer.kind === "missing") return undefined;
  if (layer.kind !== "call" && layer.kind !== "name") {
    context.reporter.report("layer-expected", layer.range, []);
    return undefined;
  }
  const callee = calleeOf(layer);
  const doc = documentation("layer", callee.name);
  if (doc === undefined) {
    if (blocks.has(callee.name)) context.reporter.report("not-supported", callee.range, [blockInWords(callee.name)]);
    else if (callee.name !== "") reportUnknown(context, "layer", callee, namesOf("layer"));
    return undefined;
  }
  for (const range of [callee.range, name.range]) {
    context.mention(range, { kind: "callable", callable: "layer", name: doc.name });
  }
  const written = layer.kind === "call" ? layer.arguments : [];
  const bound = bindArguments(context, catalogCallee("layer", callee), doc.arguments, written, attributes);
  return { name, layer: doc.name, arguments: bound.ok ? bound.values : undefined };
}

export function blockInWords(name: string): string {
  return `The block \`${name}\`: blocks are`;
}
