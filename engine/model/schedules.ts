// Schedules: how the learning rate changes while training.

import type { Described } from "./arguments";

export const schedules: Readonly<Record<string, Described & { readonly category: string }>> = {};
