// Layers that make images smaller by summing up what is in a window. They have no weights. Images are [C, H, W].

import { choiceOrInteger, integer } from "../arguments";
import type { Tensor } from "../graph";
import { transformation } from "../layer";
import { conv2d } from "../ops/convolution";
import { broadcastTo } from "../ops/movement";
import { maxPool2d } from "../ops/pooling";
import { mean } from "../ops/reduction";
import type { Sliding } from "../ops/windows";
import { ShapeError } from "../shape";
import { checkFit, imageShape, type PaddingArgument, paddingOf } from "../sliding";

const size = integer({ min: 1, default: 2, summary: "Height and width of the window." });
const stride = integer({
  min: 1,
  optional: true,
  summary: "Steps of the window from one place to the next; left out, as many as the window is large.",
});

/** The argument `padding` of a pooling layer. `around` says what the padding does to the result. */
function padding(around: string) {
  return choiceOrInteger(["valid", "same"], {
    min: 0,
    default: "valid",
    summary: `Places around the image: valid has none; same has as many as it takes to use every number; a number is so many on each side, at most half of the window. ${around}`,
  });
}

export const MaxPool2D = transformation({
  category: "convolution",
  summary:
    "The largest number of each window, channel by channel. Of several largest the first gets the gradient, as in PyTorch.",
  equation: String.raw`y_{c,i,j} = \max_{k,l} x_{c,\ si+k-p,\ sj+l-p}`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,u,v}} = \sum_{i,j:\ (u,v)\ \text{is largest in window}\ (i,j)} \frac{\partial L}{\partial y_{c,i,j}}`,
  source: "Scherer, Müller & Behnke 2010; torch.nn.MaxPool2d",
  arguments: { size, stride, padding: padding("They never are the largest.") },
  forward: (x, { size, stride = size, padding }) =>
    maxPool2d(x, { ...sliding("MaxPool2D", x, size, stride, padding), window: [size, size] }),
  example: { inputs: [[2, 4, 5]], arguments: { size: 3, stride: 2, padding: 1 } },
});

export const AvgPool2D = transformation({
  category: "convolution",
  summary: "The mean of each window, channel by channel.",
  equation: String.raw`y_{c,i,j} = \tfrac{1}{w^2} \sum_{k,l} x_{c,\ si+k-p,\ sj+l-p}`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,u,v}} = \tfrac{1}{w^2} \sum_{i,j:\ (u,v)\ \text{lies in window}\ (i,j)} \frac{\partial L}{\partial y_{c,i,j}}`,
  source: "LeCun et al. 1998, “Gradient-based learning”, section II.B; torch.nn.AvgPool2d",
  arguments: { size, stride, padding: padding("They count as zeros, as in PyTorch.") },
  forward: (x, { size, stride = size, padding }) => {
    const channels = x.shape[1]!;
    const moves = sliding("AvgPool2D", x, size, stride, padding);
    // A convolution whose only weight is 1 / size², with no mixing of channels.
    const share = broadcastTo(x.graph.scalar(1 / size ** 2), { shape: [channels, 1, size, size] });
    return conv2d(x, share, { ...moves, groups: channels });
  },
  example: { inputs: [[2, 4, 5]], arguments: { size: 3, stride: 2, padding: "same" } },
});

export const GlobalAvgPool = transformation({
  category: "convolution",
  summary: "The mean of each channel: [channels, height, width] becomes [channels].",
  equation: String.raw`y_c = \tfrac{1}{HW} \sum_{i,j} x_{c,i,j}`,
  gradient: String.raw`\frac{\partial L}{\partial x_{c,i,j}} = \tfrac{1}{HW}\, \frac{\partial L}{\partial y_c}`,
  source: "Lin, Chen & Yan 2014, arXiv:1312.4400, section 3.2",
  arguments: {},
  forward: (x) => {
    imageShape("GlobalAvgPool", x.shape.slice(1));
    return mean(x, { axes: [2, 3], keep: false });
  },
  example: { inputs: [[2, 3, 4]] },
});

/** x is [N, C, H, W]. Throws ShapeError when it is not, or when the window does not fit. */
function sliding(layer: string, x: Tensor, size: number, stride: number, padding: PaddingArgument): Sliding {
  const [channels, height, width] = imageShape(layer, x.shape.slice(1));
  if (typeof padding === "number" && padding > size / 2) {
    throw new ShapeError(
      `${layer}: a padding of ${padding} is more than half of the window of ${size} × ${size}, so that some windows would be empty.`,
    );
  }
  const around = paddingOf(padding, [height, width], [size, size], stride);
  checkFit(layer, [channels, height, width], size, around);
  return { stride: [stride, stride], padding: around };
}
