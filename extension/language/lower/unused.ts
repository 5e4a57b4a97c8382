// Names that nothing uses: the output does not depend on them and no check looks at them.

import type { ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Context } from "./context";
import type { LoweredNetwork } from "./network";
import type { Signature } from "./signature";

/** Silent in a network with errors: what looks unused there may only lack its user. */
export function reportUnused(
  context: Context,
  { network, names, applied }: LoweredNetwork,
  { declaration }: Signature,
  observed: ReadonlySet<ValueId>,
): void {
  if (!network.complete || network.imported !== undefined) return;
  const used = new Set(observed);
  for (const { source } of network.values) {
    if (source.kind === "layer" || source.kind === "operation") for (const input of source.inputs) used.add(input);
  }
  for (const { value } of network.outputs) used.add(value);
  for (const { id, instance } of network.parameters) if (used.has(id) && instance !== undefined) used.add(instance);
  // What one use of a block needs is needed in the block.
  const needed = new Set<string>();
  for (const { id, path, range } of network.values) if (path !== undefined && used.has(id)) needed.add(keyOf(range));
  for (const { id, title, name, nameRange, range, source, path } of network.values) {
    if (used.has(id) || source.kind === "constant" || needed.has(keyOf(range))) continue;
    // Everything in a block of another file stands where that is used.
    if (path?.some((use) => keyOf(use.range) === keyOf(range))) continue;
    context.reporter.report("unused-value", nameRange ?? range, [name ?? title]);
  }
  for (const statement of declaration.body) {
    if (statement.kind !== "layer") continue;
    const { name, range } = statement.name;
    const owner = names.layers.get(name);
    if (owner !== undefined && !applied.has(owner)) context.reporter.report("unused-value", range, [name]);
  }
}

function keyOf({ start, end }: Range): string {
  return `${start} ${end}`;
}
