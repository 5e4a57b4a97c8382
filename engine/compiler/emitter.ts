// How an op becomes an instruction.

import type { Instruction } from "./instruction";
import type { View } from "./view";

export interface Emitter<Attributes = never> {
  /** Set when the kernel reads its inputs through their strides; without it they are made contiguous first. */
  readonly strided?: true;
  /** Set when the result may be written over an input of its shape. */
  readonly inPlace?: true;
  /** `y` is contiguous, and its shape is the op's. Undefined when the kernel cannot do it: the op's forward does. */
  emit(y: View, inputs: readonly View[], attributes: Attributes): Instruction | undefined;
}
