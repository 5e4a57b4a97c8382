// Clips: what is done to gradients that are too large before an update.

import type { Described } from "./arguments";

export const clips: Readonly<Record<string, Described & { readonly category: string }>> = {};
