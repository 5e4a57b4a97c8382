// Ops that draw random numbers, as instructions.

import type { Drop } from "../../model/ops/random";
import { sizeOf } from "../../model/shape";
import type { Emitter } from "../emitter";
import { lineNumbers } from "../layout";
import { Opcode } from "../opcodes";
import { registers } from "../registers";

const drawTime = 1.3; // Nanoseconds for each number.

const dropoutMask: Emitter<Drop> = {
  emit: (y, _, { rate, stream }) => {
    const size = sizeOf(y.shape);
    // A random number is an integer over 2⁵³; it is below the rate when the integer is below this one, of 27 + 26 bits.
    const below = Math.ceil(rate * 2 ** 53);
    const [high, low] = [Math.floor(below / 2 ** 26), below % 2 ** 26];
    return {
      opcode: Opcode.dropoutMask,
      units: Math.ceil(size / lineNumbers),
      work: drawTime * size,
      words: [{ at: y }, registers.stepSeed, size, stream, high, low, { float: 1 / (1 - rate) }],
      scratch: 64,
    };
  },
};

export const random: Readonly<Record<string, Emitter>> = { dropoutMask };
