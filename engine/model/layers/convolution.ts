// Layers that look at images through a small window: the same weights at every place. Images are [C, H, W].

import { boolean, initializer, integer, number } from "../arguments";
import type { Tensor } from "../graph";
import { glorot, zeros } from "../initializers";
import { layer } from "../layer";
import { conv2d, conv2dInput } from "../ops/convolution";
import { add } from "../ops/elementwise";
import { reshape } from "../ops/movement";
import { penalties } from "../regularizers";
import { ShapeError } from "../shape";
import { checkFit, imageShape, kernel, type PaddingArgument, padding, paddingOf, stride } from "../sliding";

const filters = integer({ min: 1, summary: "Number of output channels." });
const bias = boolean({ default: true, summary: "Whether b is added." });
const init = initializer({ default: glorot, summary: "How W begins; b begins with zeros." });
const l1 = number({ min: 0, default: 0, summary: "Penalty λ₁ Σ|W| added to the loss; b has none." });
const l2 = number({ min: 0, default: 0, summary: "Penalty λ₂ ΣW² added to the loss; b has none." });

export const Conv2D = layer({
  category: "convolution",
  traits: { role: "linear" },
  summary:
    "Slides small filters over an image: each output channel says where its filter's pattern is. W is [filters, channels, kernel, kernel].",
  equation: String.raw`y_{f,i,j} = b_f + \sum_{c,k,l} W_{f,c,k,l}\, x_{c,\ si+k-p,\ sj+l-p}`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,u,v}} = \sum_{f,k,l} W_{f,c,k,l}\, \frac{\partial L}{\partial y_{f,i,j}},\quad si+k-p = u,\ sj+l-p = v
\frac{\partial L}{\partial W_{f,c,k,l}} = \sum_{n,i,j} \frac{\partial L}{\partial y_{n,f,i,j}}\, x_{n,c,\ si+k-p,\ sj+l-p}
\frac{\partial L}{\partial b_f} = \sum_{n,i,j} \frac{\partial L}{\partial y_{n,f,i,j}}`,
  source: "LeCun et al. 1989; Dumoulin & Visin 2016, section 2; torch.nn.Conv2d",
  arguments: { filters, kernel, stride, padding, bias, init, l1, l2 },
  weights: ({ filters, kernel, padding, stride, bias, init, l1, l2 }, input) => {
    const [channels, height, width] = imageShape("Conv2D", input);
    const zerosAround = paddingOf(padding, [height, width], [kernel, kernel], stride);
    checkFit("Conv2D", [channels, height, width], kernel, zerosAround);
    return {
      W: { shape: [filters, channels, kernel, kernel], initializer: init, penalties: penalties(l1, l2) },
      b: bias ? { shape: [filters], initializer: zeros } : undefined,
    };
  },
  forward: (x, { W, b }, { stride, padding }) => withBias(conv2d(x, W!, sliding(x, W!, stride, padding, 1)), b),
  example: { inputs: [[2, 5, 4]], arguments: { filters: 3, kernel: 3, stride: 2, padding: "same" } },
});

export const DepthwiseConv2D = layer({
  category: "convolution",
  traits: { role: "linear" },
  summary:
    "Slides filters over each channel by itself: channels do not mix, and weights are few. Channel c gives the outputs c·m … c·m + m − 1. W is [channels · m, 1, kernel, kernel].",
  equation: String.raw`y_{cm+q,i,j} = b_{cm+q} + \sum_{k,l} W_{cm+q,1,k,l}\, x_{c,\ si+k-p,\ sj+l-p}`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,u,v}} = \sum_{q,k,l} W_{cm+q,1,k,l}\, \frac{\partial L}{\partial y_{cm+q,i,j}},\quad si+k-p = u,\ sj+l-p = v
\frac{\partial L}{\partial W_{cm+q,1,k,l}} = \sum_{n,i,j} \frac{\partial L}{\partial y_{n,cm+q,i,j}}\, x_{n,c,\ si+k-p,\ sj+l-p}
\frac{\partial L}{\partial b_f} = \sum_{n,i,j} \frac{\partial L}{\partial y_{n,f,i,j}}`,
  source: "Chollet 2017, arXiv:1610.02357, section 3; torch.nn.Conv2d with groups = channels",
  arguments: {
    kernel,
    stride,
    padding,
    multiplier: integer({ min: 1, default: 1, summary: "Filters for each channel, m." }),
    bias,
    init,
    l1,
    l2,
  },
  weights: ({ kernel, padding, stride, multiplier, bias, init, l1, l2 }, input) => {
    const [channels, height, width] = imageShape("DepthwiseConv2D", input);
    const zerosAround = paddingOf(padding, [height, width], [kernel, kernel], stride);
    checkFit("DepthwiseConv2D", [channels, height, width], kernel, zerosAround);
    const filters = channels * multiplier;
    return {
      W: { shape: [filters, 1, kernel, kernel], initializer: init, penalties: penalties(l1, l2) },
      b: bias ? { shape: [filters], initializer: zeros } : undefined,
    };
  },
  forward: (x, { W, b }, { stride, padding }) =>
    withBias(conv2d(x, W!, sliding(x, W!, stride, padding, x.shape[1]!)), b),
  example: { inputs: [[2, 4, 3]], arguments: { kernel: 2, padding: 1, multiplier: 2 } },
});

export const ConvTranspose2D = layer({
  category: "convolution",
  traits: { role: "linear" },
  summary:
    "The transpose of Conv2D, which makes images larger: every number puts its multiple of the filters into the output. With padding same, stride times as large. W is [channels, filters, kernel, kernel].",
  equation: String.raw`y_{f,u,v} = b_f + \sum_{c,i,j,k,l} W_{c,f,k,l}\, x_{c,i,j},\quad si+k-p = u,\ sj+l-p = v`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,i,j}} = \sum_{f,k,l} W_{c,f,k,l}\, \frac{\partial L}{\partial y_{f,\ si+k-p,\ sj+l-p}}
\frac{\partial L}{\partial W_{c,f,k,l}} = \sum_{n,i,j} x_{n,c,i,j}\, \frac{\partial L}{\partial y_{n,f,\ si+k-p,\ sj+l-p}}
\frac{\partial L}{\partial b_f} = \sum_{n,u,v} \frac{\partial L}{\partial y_{n,f,u,v}}`,
  source: "Zeiler et al. 2010; Dumoulin & Visin 2016, section 4; torch.nn.ConvTranspose2d",
  arguments: { filters, kernel, stride, padding, bias, init, l1, l2 },
  weights: ({ filters, kernel, bias, init, l1, l2 }, input) => {
    const [channels] = imageShape("ConvTranspose2D", input);
    return {
      W: { shape: [channels, filters, kernel, kernel], initializer: init, penalties: penalties(l1, l2) },
      b: bias ? { shape: [filters], initializer: zeros } : undefined,
    };
  },
  forward: (x, { W, b }, { kernel, stride, padding }) => {
    const sizes = x.shape.slice(2).map((size) => enlarged(size, kernel, stride, padding));
    const [height, width] = sizes as [number, number];
    const window = [kernel, kernel] as const;
    const zerosAround = paddingOf(padding, [height, width], window, stride);
    const size = [height, width] as const;
    return withBias(conv2dInput(x, W!, { stride: [stride, stride], padding: zerosAround, groups: 1, size }), b);
  },
  example: { inputs: [[2, 3, 2]], arguments: { filters: 2, kernel: 3, stride: 2, padding: "same" } },
});

/** Throws ShapeError when the padding leaves nothing. */
function enlarged(size: number, kernel: number, stride: number, padding: PaddingArgument): number {
  if (padding === "same") return size * stride;
  const zerosAround = padding === "valid" ? 0 : padding;
  const result = (size - 1) * stride + kernel - 2 * zerosAround;
  if (result < 1) {
    throw new ShapeError(
      `ConvTranspose2D: the padding of ${zerosAround} on each side leaves nothing of an output of ${result + 2 * zerosAround}. Make it smaller.`,
    );
  }
  return result;
}

function sliding(x: Tensor, W: Tensor, stride: number, padding: PaddingArgument, groups: number) {
  const [height, width] = x.shape.slice(2) as [number, number];
  const [kernelHeight, kernelWidth] = W.shape.slice(2) as [number, number];
  return {
    stride: [stride, stride],
    padding: paddingOf(padding, [height, width], [kernelHeight, kernelWidth], stride),
    groups,
  } as const;
}

/** b [F] for every place of y [N, F, I, J]. */
function withBias(y: Tensor, b: Tensor | undefined): Tensor {
  return b ? add(y, reshape(b, { shape: [b.shape[0]!, 1, 1] })) : y;
}
