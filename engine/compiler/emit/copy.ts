// Moving numbers as they are.

import type { Instruction } from "../instruction";
import { Opcode } from "../opcodes";
import type { View } from "../view";

/** Makes the contiguous y of a view of the same shape. */
export function copy(y: View, x: View): Instruction {
  return { opcode: Opcode.copy, units: 1, work: 0, words: [{ at: y }, { at: x }] };
}
