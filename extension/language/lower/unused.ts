// Names that nothing uses: the output does not depend on them and no check looks at them.

import type { ValueId } from "../../../engine/protocol/network";
import type { Context } from "./context";
import type { LoweredNetwork } from "./network";
import type { Signature } from "./signature";

/** Silent in a network with errors: what looks unused there may only lack its user. */
export function reportUnused(
  context: Context,
  { declaration }: Signature,
  { network, layers }: LoweredNetwork,
  observed: ReadonlySet<ValueId>,
): void {
  if (!network.complete) return;
  const used = new Set(observed);
  const instances = new Set<string>();
  for (const { source } of network.values) {
    if (source.kind === "layer") instances.add(source.instance);
    if (source.kind === "layer" || source.kind === "operation") for (const input of source.inputs) used.add(input);
  }
  for (const { value } of network.outputs) used.add(value);
  for (const { id, instance } of network.parameters) if (used.has(id) && instance !== undefined) used.add(instance);
  for (const { id, title, name, nameRange, range, source } of network.values) {
    if (used.has(id) || source.kind === "constant") continue;
    context.reporter.report("unused-value", nameRange ?? range, [name ?? title]);
  }
  for (const statement of declaration.body) {
    if (statement.kind !== "layer" || instances.has(statement.name.name) || !layers.has(statement.name.name)) continue;
    context.reporter.report("unused-value", statement.name.range, [statement.name.name]);
  }
}
