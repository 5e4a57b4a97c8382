// How an op becomes an instruction.

import type { Instruction } from "./instruction";
import type { View } from "./view";

export interface Emitter<Attributes = never> {
  /** Which inputs the kernel reads through their strides, all or the first so many; the others are made contiguous first. */
  readonly strided?: true | number;
  /** Set when the result may be written over an input of its shape. */
  readonly inPlace?: true;
  /** `y` is contiguous, and its shape is the op's. Undefined when the kernel cannot do it: the op's forward does. */
  emit(y: View, inputs: readonly View[], attributes: Attributes): Instruction | undefined;
}
