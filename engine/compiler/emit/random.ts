// Ops that draw random numbers, as instructions.

import type { Emitter } from "../emitter";

export const random: Readonly<Record<string, Emitter>> = {};
