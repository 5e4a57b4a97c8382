// Ops that compute each element from the elements at its place, as instructions.

import type { Emitter } from "../emitter";

export const elementwise: Readonly<Record<string, Emitter>> = {};
