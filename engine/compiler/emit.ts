// Which ops have kernels. One that is missing here runs through its plain forward, on the same memory.

import { convolution } from "./emit/convolution";
import { elementwise } from "./emit/elementwise";
import { linearAlgebra } from "./emit/linear-algebra";
import { movement } from "./emit/movement";
import { pooling } from "./emit/pooling";
import { random } from "./emit/random";
import { reduction } from "./emit/reduction";
import type { Emitter } from "./emitter";

/** By the op's name. */
export const emitters: Readonly<Record<string, Emitter>> = {
  ...elementwise,
  ...linearAlgebra,
  ...reduction,
  ...movement,
  ...random,
  ...convolution,
  ...pooling,
};
