// Ops that move numbers, as instructions.

import type { Emitter } from "../emitter";

export const movement: Readonly<Record<string, Emitter>> = {};
