// Ops that make many elements one, and softmax, as instructions.

import type { Emitter } from "../emitter";

export const reduction: Readonly<Record<string, Emitter>> = {};
