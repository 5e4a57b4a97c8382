// Which values of a network are nodes, and what comes to them.

import type { Value, ValueId } from "../../engine/protocol/network";

/** Literals are words of whatever uses them; what is observed inside of a layer is no value of the text. */
export function isDrawn(value: Value): boolean {
  return value.source.kind !== "constant" && value.source.kind !== "observed";
}

export function inputsOf(value: Value): readonly ValueId[] {
  return value.source.kind === "operation" || value.source.kind === "layer" ? value.source.inputs : [];
}
