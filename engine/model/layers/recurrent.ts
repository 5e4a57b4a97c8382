// Layers that go through a sequence [T, F] step by step and remember. Weights are PyTorch's, transposed to [in, out],
// the gates side by side. H units, h what is given on, c what is remembered.

import type { Call } from "../../protocol/catalog";
import { boolean, integer } from "../arguments";
import type { Tensor } from "../graph";
import type { WeightSpec } from "../layer";
import { layer } from "../layer";
import { add, multiply, sigmoid, subtract, tanh } from "../ops/elementwise";
import { matmul } from "../ops/linear-algebra";
import { equalParts, fromSteps, sequenceShape, stepsOf } from "../sequence";

const units = integer({ min: 1, summary: "Numbers the layer remembers and gives on, H." });
const sequences = boolean({
  default: false,
  summary: "Whether it gives what it says at every step, [steps, units], instead of the last, [units].",
});

export const LSTM = layer({
  category: "recurrent",
  summary:
    "Long short-term memory: reads a sequence [steps, features] and decides by gates what to forget, what to take in and what to say. Gates stand in the order i, f, g, o: Wx is [features, 4H], Wh is [H, 4H].",
  equation: String.raw`\begin{aligned} z_t &= x_t W_x + b_x + h_{t-1} W_h + b_h \\ [i, f, g, o] &= [\sigma, \sigma, \tanh, \sigma](z_t) \\ c_t &= f \odot c_{t-1} + i \odot g \\ h_t &= o \odot \tanh c_t \end{aligned}`,
  gradient: String.raw`\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o \odot (1 - \tanh^2 c_t) + \frac{\partial L}{\partial c_{t+1}} \odot f_{t+1}
\frac{\partial L}{\partial z_t} = \left[\frac{\partial L}{\partial c_t} g\,i(1-i),\ \frac{\partial L}{\partial c_t} c_{t-1} f(1-f),\ \frac{\partial L}{\partial c_t} i(1-g^2),\ \frac{\partial L}{\partial h_t} \tanh(c_t)\,o(1-o)\right]
\frac{\partial L}{\partial h_{t-1}} \mathrel{+}= \frac{\partial L}{\partial z_t} W_h^{\top},\quad \frac{\partial L}{\partial x_t} = \frac{\partial L}{\partial z_t} W_x^{\top}
\frac{\partial L}{\partial W_x} = \sum_t x_t^{\top} \frac{\partial L}{\partial z_t},\quad \frac{\partial L}{\partial W_h} = \sum_t h_{t-1}^{\top} \frac{\partial L}{\partial z_t},\quad \frac{\partial L}{\partial b_x} = \frac{\partial L}{\partial b_h} = \sum_t \frac{\partial L}{\partial z_t}`,
  source: "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000; torch.nn.LSTM",
  arguments: { units, sequences },
  weights: ({ units }, input) => recurrentWeights("LSTM", input, units, 4),
  forward: (x, { Wx, Wh, bx, bh }, { units, sequences }) => {
    const bias = add(bx!, bh!);
    let h = zeroState(x, units);
    let c = h;
    // Steps of x, not of xWx, which is some times as large: often no gradient goes back to x at all.
    const outputs = stepsOf(x).map((input) => {
      const [i, f, g, o] = equalParts(add(add(matmul(input, Wx!), matmul(h, Wh!)), bias), 4);
      c = add(multiply(sigmoid(f!), c), multiply(sigmoid(i!), tanh(g!)));
      h = multiply(sigmoid(o!), tanh(c));
      return h;
    });
    return sequences ? fromSteps(outputs) : h;
  },
  example: { inputs: [[3, 2]], arguments: { units: 2, sequences: true } },
});

export const GRU = layer({
  category: "recurrent",
  summary:
    "Gated recurrent unit: reads a sequence [steps, features] and decides by gates what to keep of the past; smaller than LSTM. Gates stand in the order r, z, n: Wx is [features, 3H], Wh is [H, 3H].",
  equation: String.raw`\begin{aligned} r &= \sigma(a_r),\ a_r = x_t W_{xr} + b_{xr} + h_{t-1} W_{hr} + b_{hr} \\ z &= \sigma(a_z),\ a_z = x_t W_{xz} + b_{xz} + h_{t-1} W_{hz} + b_{hz} \\ n &= \tanh(a_n),\ a_n = x_t W_{xn} + b_{xn} + r \odot (h_{t-1} W_{hn} + b_{hn}) \\ h_t &= (1 - z) \odot n + z \odot h_{t-1} \end{aligned}`,
  gradient: String.raw`\frac{\partial L}{\partial a_n} = \frac{\partial L}{\partial h_t} \odot (1 - z) \odot (1 - n^2),\quad \frac{\partial L}{\partial a_z} = \frac{\partial L}{\partial h_t} \odot (h_{t-1} - n) \odot z(1 - z),\quad \frac{\partial L}{\partial a_r} = \frac{\partial L}{\partial a_n} \odot (h_{t-1} W_{hn} + b_{hn}) \odot r(1 - r)
\frac{\partial L}{\partial h_{t-1}} \mathrel{+}= \frac{\partial L}{\partial h_t} \odot z + \left[\frac{\partial L}{\partial a_r}, \frac{\partial L}{\partial a_z}, \frac{\partial L}{\partial a_n} \odot r\right] W_h^{\top}
\frac{\partial L}{\partial x_t} = \left[\frac{\partial L}{\partial a_r}, \frac{\partial L}{\partial a_z}, \frac{\partial L}{\partial a_n}\right] W_x^{\top}
\frac{\partial L}{\partial W_x} = \sum_t x_t^{\top} \left[\frac{\partial L}{\partial a_r}, \frac{\partial L}{\partial a_z}, \frac{\partial L}{\partial a_n}\right],\quad \frac{\partial L}{\partial W_h} = \sum_t h_{t-1}^{\top} \left[\frac{\partial L}{\partial a_r}, \frac{\partial L}{\partial a_z}, \frac{\partial L}{\partial a_n} \odot r\right]`,
  source: "Cho et al. 2014, arXiv:1406.1078, section 2.3; r after the product, as in torch.nn.GRU",
  arguments: { units, sequences },
  weights: ({ units }, input) => recurrentWeights("GRU", input, units, 3),
  forward: (x, { Wx, Wh, bx, bh }, { units, sequences }) => {
    const one = x.graph.scalar(1);
    let h = zeroState(x, units);
    const outputs = stepsOf(x).map((input) => {
      const [inputR, inputZ, inputN] = equalParts(add(matmul(input, Wx!), bx!), 3);
      const [pastR, pastZ, pastN] = equalParts(add(matmul(h, Wh!), bh!), 3);
      const r = sigmoid(add(inputR!, pastR!));
      const z = sigmoid(add(inputZ!, pastZ!));
      const n = tanh(add(inputN!, multiply(r, pastN!)));
      h = add(multiply(subtract(one, z), n), multiply(z, h));
      return h;
    });
    return sequences ? fromSteps(outputs) : h;
  },
  example: { inputs: [[3, 2]], arguments: { units: 2, sequences: true } },
});

/** Two biases, though the sum of most is all that counts: so they are in PyTorch, and are loaded as they are. */
function recurrentWeights(name: string, input: readonly number[], units: number, gates: number) {
  const [, features] = sequenceShape(name, input);
  // PyTorch's: every weight is uniform up to 1/√H.
  const limit = 1 / Math.sqrt(units);
  const initializer: Call = { name: "Uniform", arguments: { low: -limit, high: limit } };
  const weight = (...shape: readonly number[]): WeightSpec => ({ shape, initializer });
  return {
    Wx: weight(features, gates * units),
    Wh: weight(units, gates * units),
    bx: weight(gates * units),
    bh: weight(gates * units),
  };
}

/** What is remembered before the first step, [N, H]. */
function zeroState(x: Tensor, units: number): Tensor {
  const shape = [x.shape[0]!, units];
  return x.graph.constant({ shape, data: new Float64Array(x.shape[0]! * units) });
}
