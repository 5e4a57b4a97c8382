// One call of a kernel, its addresses not yet known.

import type { Opcode } from "./opcodes";
import type { View } from "./view";

export interface Instruction {
  readonly opcode: Opcode;
  /** Parts that threads share out, [0, units). No number may depend on how they are shared: a sum is never split. */
  readonly units: number;
  /** Nanoseconds that one thread needs for all of it, roughly: little work is not worth sharing. */
  readonly work: number;
  /** At most `mostArguments`. */
  readonly words: readonly Word[];
  /** Bytes of scratch that each thread needs. */
  readonly scratch?: number;
  /** Set when it may find that the program cannot go on: not-finite numbers, an index that does not exist. */
  readonly mayFault?: true;
}

/** An argument: a 32-bit integer, a float32, or the address of a tensor's first number. */
export type Word = number | { readonly float: number } | { readonly at: View };
