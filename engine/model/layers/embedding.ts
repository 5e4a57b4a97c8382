// Layers that give numbers to things: words, classes, users.

import { initializer, integer } from "../arguments";
import { standardNormal } from "../initializers";
import { layer } from "../layer";
import { matmul } from "../ops/linear-algebra";
import { oneHot } from "../ops/movement";

export const Embedding = layer({
  category: "core",
  summary:
    "A vector for each of some things, which come as whole numbers from 0: row i of W for the index i. [T] indices give [T, size].",
  equation: "y = W_x",
  gradient: String.raw`\frac{\partial L}{\partial W_i} = \sum_{n:\ x_n = i} \frac{\partial L}{\partial y_n}`,
  source: "Bengio et al. 2003, section 2; torch.nn.Embedding",
  arguments: {
    count: integer({ min: 1, summary: "How many things there are." }),
    size: integer({ min: 1, summary: "Numbers of each vector." }),
    init: initializer({ default: standardNormal, summary: "How W begins." }),
  },
  weights: ({ count, size, init }) => ({ W: { shape: [count, size], initializer: init } }),
  forward: (x, { W }, { count }) => matmul(oneHot(x, { classes: count }), W!),
  example: { inputs: [[3]], arguments: { count: 5, size: 2 }, indices: 5 },
});
