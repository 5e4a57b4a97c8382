// Regularizers: penalties on the weights, added to the loss.

import type { Described } from "./arguments";

export const regularizers: Readonly<Record<string, Described & { readonly category: string }>> = {};
