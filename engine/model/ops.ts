// All primitive ops by name.

import { conv2d, conv2dInput, conv2dWeights } from "./ops/convolution";
import * as elementwise from "./ops/elementwise";
import { matmul, transpose } from "./ops/linear-algebra";
import * as movement from "./ops/movement";
import { largest2d, maxPool2d, spreadAt, takeAt } from "./ops/pooling";
import * as random from "./ops/random";
import * as reduction from "./ops/reduction";

const convolutions = { conv2d, conv2dInput, conv2dWeights, maxPool2d, largest2d, takeAt, spreadAt };

export const ops = { ...elementwise, matmul, transpose, ...reduction, ...movement, ...random, ...convolutions };
