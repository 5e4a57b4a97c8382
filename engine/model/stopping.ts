// Stopping rules: what ends a training before its last epoch.

import type { Described } from "./arguments";

export const stoppings: Readonly<Record<string, Described & { readonly category: string }>> = {};
