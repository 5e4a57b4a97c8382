// Cursor ↔ value: which value stands at an offset (the diagram highlights it), and where a value stands (the editor
// reveals it).

import type { ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";

export interface ValuePlace {
  readonly network: string;
  readonly id: ValueId;
}

export function valueAt(_analysis: Analysis, _offset: number): ValuePlace | undefined {
  return undefined;
}

/** The name's range when the value has a name. A parameter's owner is revealed for a parameter of a layer. */
export function rangeOf(_analysis: Analysis, _place: ValuePlace): Range | undefined {
  return undefined;
}
