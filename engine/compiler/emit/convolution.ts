// Convolutions and pooling, as instructions.

import type { Emitter } from "../emitter";

export const convolution: Readonly<Record<string, Emitter>> = {};
