// Matrix products, as instructions.

import type { Emitter } from "../emitter";

export const linearAlgebra: Readonly<Record<string, Emitter>> = {};
