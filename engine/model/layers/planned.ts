// Layers the language has and this version cannot run yet.

export const plannedLayers: readonly string[] = [];
