// All primitive ops by name.

import * as elementwise from "./ops/elementwise";
import { matmul, transpose } from "./ops/linear-algebra";
import * as movement from "./ops/movement";
import * as random from "./ops/random";
import * as reduction from "./ops/reduction";

export const ops = { ...elementwise, matmul, transpose, ...reduction, ...movement, ...random };
