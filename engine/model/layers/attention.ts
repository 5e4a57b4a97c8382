// Layers in which every step of a sequence [T, F] looks at all others. B batch, T steps, F features, A heads.

import { boolean, initializer, integer } from "../arguments";
import type { Tensor } from "../graph";
import { glorot, zeros } from "../initializers";
import { layer } from "../layer";
import { add, multiply } from "../ops/elementwise";
import { matmul, transpose, transposeLastTwo } from "../ops/linear-algebra";
import { reshape } from "../ops/movement";
import { softmax } from "../ops/reduction";
import { equalParts, sequenceShape } from "../sequence";
import { ShapeError } from "../shape";

export const SelfAttention = layer({
  category: "attention",
  traits: { attends: true },
  summary:
    "Every step of a sequence [steps, features] asks all steps a question, weighs them by their answers, and gives the mean of what they say. W is [features, 3 · features]: queries, keys and values side by side, each shared among the heads in order; Wo is [features, features].",
  equation: String.raw`[Q, K, V] = xW + b,\quad y = \operatorname{concat}_a\!\left(P_a V_a\right) W_o + b_o,\quad P_a = \operatorname{softmax}\!\left(\frac{Q_a K_a^{\top}}{\sqrt{d}}\right),\ d = \frac{F}{A}`,
  gradient: String.raw`\frac{\partial L}{\partial V_a} = P_a^{\top} \frac{\partial L}{\partial O_a},\quad \frac{\partial L}{\partial P_a} = \frac{\partial L}{\partial O_a} V_a^{\top},\quad O = \operatorname{concat}_a(P_a V_a),\ \frac{\partial L}{\partial O} = \frac{\partial L}{\partial y} W_o^{\top}
\frac{\partial L}{\partial S_a} = P_a \odot \left(\frac{\partial L}{\partial P_a} - \sum_j \frac{\partial L}{\partial P_{a,j}} P_{a,j}\right)
\frac{\partial L}{\partial Q_a} = \frac{1}{\sqrt d} \frac{\partial L}{\partial S_a} K_a,\quad \frac{\partial L}{\partial K_a} = \frac{1}{\sqrt d} \frac{\partial L}{\partial S_a}^{\top} Q_a
\frac{\partial L}{\partial W} = x^{\top} \left[\frac{\partial L}{\partial Q}, \frac{\partial L}{\partial K}, \frac{\partial L}{\partial V}\right],\quad \frac{\partial L}{\partial W_o} = O^{\top} \frac{\partial L}{\partial y},\quad \frac{\partial L}{\partial x} = \left[\frac{\partial L}{\partial Q}, \frac{\partial L}{\partial K}, \frac{\partial L}{\partial V}\right] W^{\top}`,
  source: "Vaswani et al. 2017, arXiv:1706.03762, section 3.2; torch.nn.MultiheadAttention",
  arguments: {
    heads: integer({
      min: 1,
      default: 1,
      summary: "How many questions each step asks, A; it must divide the features.",
    }),
    causal: boolean({ default: false, summary: "Whether a step sees only itself and those before it." }),
    bias: boolean({ default: true, summary: "Whether b and bo are added." }),
    init: initializer({ default: glorot, summary: "How W and Wo begin; b and bo begin with zeros." }),
  },
  weights: ({ heads, bias, init }, input) => {
    const [, features] = sequenceShape("SelfAttention", input);
    if (features % heads !== 0) {
      throw new ShapeError(
        `SelfAttention cannot share ${features} features among ${heads} heads: ${features} is not a multiple of ${heads}.`,
      );
    }
    return {
      W: { shape: [features, 3 * features], initializer: init },
      b: bias ? { shape: [3 * features], initializer: zeros } : undefined,
      Wo: { shape: [features, features], initializer: init },
      bo: bias ? { shape: [features], initializer: zeros } : undefined,
    };
  },
  forward: (x, { W, b, Wo, bo }, { heads, causal }) => {
    const [batch, steps, features] = x.shape as readonly [number, number, number];
    const size = features / heads;
    const plus = (product: Tensor, bias: Tensor | undefined) => (bias ? add(product, bias) : product);
    const [queries, keys, values] = equalParts(plus(matmul(x, W!), b), 3).map((part) =>
      // [B, T, F] → [B, A, T, F/A]
      transpose(reshape(part, { shape: [batch, steps, heads, size] }), { order: [0, 2, 1, 3] }),
    );
    const scores = multiply(x.graph.scalar(1 / Math.sqrt(size)), matmul(queries!, transposeLastTwo(keys!)));
    const weights = softmax(causal ? add(scores, future(x, steps)) : scores);
    const heard = transpose(matmul(weights, values!), { order: [0, 2, 1, 3] });
    return plus(matmul(reshape(heard, { shape: x.shape }), Wo!), bo);
  },
  example: { inputs: [[3, 2]], arguments: { heads: 2, causal: true } },
});

/** [T, T]: −∞ where the column's step is after the row's, so that its weight becomes 0; else 0. */
function future(x: Tensor, steps: number): Tensor {
  const data = Float64Array.from({ length: steps * steps }, (_, position) =>
    position % steps > Math.floor(position / steps) ? Number.NEGATIVE_INFINITY : 0,
  );
  return x.graph.constant({ shape: [steps, steps], data });
}
