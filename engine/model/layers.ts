// All layers by name, family after family.

import type { Layer } from "./layer";
import * as activation from "./layers/activation";
import * as dense from "./layers/dense";
import * as structure from "./layers/structure";

export const layers: Readonly<Record<string, Layer>> = { ...dense, ...activation, ...structure };
