// Layers in which every output sees every input.

import { boolean, initializer, integer, number } from "../arguments";
import { glorot, zeros } from "../initializers";
import { layer } from "../layer";
import { add } from "../ops/elementwise";
import { matmul } from "../ops/linear-algebra";
import { penalties } from "../regularizers";
import { ShapeError } from "../shape";

export const Dense = layer({
  category: "core",
  traits: { role: "linear", width: "units" },
  summary: "Fully connected layer: every output sees every input. Works on the last dimension.",
  equation: "y = xW + b",
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\,W^{\top}
\frac{\partial L}{\partial W} = x^{\top}\,\frac{\partial L}{\partial y}
\frac{\partial L}{\partial b} = \sum_{n} \frac{\partial L}{\partial y_n}`,
  source: "Goodfellow, Bengio & Courville 2016, section 6.1",
  arguments: {
    units: integer({ min: 1, summary: "Number of outputs." }),
    bias: boolean({ default: true, summary: "Whether b is added." }),
    // Keras' default. PyTorch's Linear begins with uniform numbers up to 1/√in, for weights and bias alike.
    init: initializer({ default: glorot, summary: "How W begins; b begins with zeros." }),
    l1: number({ min: 0, default: 0, summary: "Penalty λ₁ Σ|W| added to the loss; b has none." }),
    l2: number({ min: 0, default: 0, summary: "Penalty λ₂ ΣW² added to the loss; b has none." }),
  },
  weights: ({ units, bias, init, l1, l2 }, input) => {
    const features = input.at(-1);
    if (features === undefined) {
      throw new ShapeError("Dense needs a vector, but gets a single number. Give the input the shape [1].");
    }
    return {
      W: { shape: [features, units], initializer: init, penalties: penalties(l1, l2) },
      b: bias ? { shape: [units], initializer: zeros } : undefined,
    };
  },
  forward: (x, { W, b }) => (b ? add(matmul(x, W!), b) : matmul(x, W!)),
  example: { inputs: [[3]], arguments: { units: 4 } },
});
