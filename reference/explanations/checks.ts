// What is said of checks.

import type { Explanation } from "../explanation";
import { after, check } from "./texts";

export const ofChecks: Readonly<Record<string, Explanation>> = {
  "input-shape": {
    means: "The numbers given to an input have another shape than it.",
    repair:
      "Give one sample of that shape, or a list of such samples. Quick fixes write the same numbers with other brackets, or declare the input with the shape that was given.",
    example: check("expect h == h", "x: [1, 2, 3]"),
  },
  "batch-size": {
    means: "Two inputs are given different numbers of samples.",
    repair: "Give as many to each.",
    example:
      'network Sum(a, b) {\n  return a + b\n}\n\ncheck "sums" on Sum(a: [1, 2], b: [1, 2, 3]) {\n  expect 1 == 1\n}\n',
  },
  "target-shape": {
    means: "The target does not fit the inputs or the loss.",
    repair:
      "Give one target for each sample: a class index, or as many numbers as the output has. Quick fixes write the same numbers with other brackets, or give the output as many numbers as a target has.",
    example: check("target: [1, 2, 3]\n  loss: CrossEntropy\n  expect loss > 0", "x: [[1, 2], [3, 4]]"),
  },
  "class-index": {
    means:
      "A target of `CrossEntropy` with a single number for each sample names its class. The output has a probability for each class, and none for this one.",
    repair:
      "Classes are numbered from 0. If there is one more, give the last layer one more unit; if the numbers are probabilities, write one for each class.",
    example: check("target: 3\n  loss: CrossEntropy\n  expect loss > 0"),
  },
  "upstream-shape": {
    means: "`upstream` is the gradient of the output, so it has the output's shape.",
    repair: "Write one number for each number of the output.",
    example: check("upstream: [1, 2]\n  expect grad(x) == 0"),
  },
  "given-target": {
    means: "`given` sets a parameter before the run; this is none.",
    repair: "Write a parameter: `given h.W = [[…]]`. Inputs stand in the parentheses of the check.",
    example: check("given x = [1, 2]\n  expect h == h"),
  },
  "given-shape": {
    means: "The numbers have another shape than the parameter. `Dense.W` is [in, out].",
    repair:
      "Write them in the shape that the message names. Quick fixes transpose weights from PyTorch, [out, in], write the same numbers with other brackets, or give the layer as many outputs as there are numbers.",
    example: check("given h.W = [1, 2]\n  expect h == h"),
  },
  "expect-comparison": {
    means: "`expect` compares two sides, and here is only one.",
    repair: "Write what it should be: `expect h == [[1, 2, 3]]`.",
    example: check("expect h"),
  },
  "expect-shape": {
    means: "The two sides of a comparison have different shapes. A single number may stand for all elements.",
    repair: "Write as many numbers as the other side has. In a batch the first dimension is the sample.",
    example: check("expect h == [1, 2]"),
  },
  "needs-loss": {
    means: "`loss` and gradients of a loss need to know which one.",
    repair: "Add `loss: …` to the check.",
    example: check("target: 1\n  expect loss > 0"),
  },
  "needs-target": {
    means: "A loss or a metric compares the output with a target, and there is none.",
    repair: "Add `target: …` to the check.",
    example: check("loss: CrossEntropy\n  expect loss > 0"),
  },
  "needs-optimizer": {
    means: "`step` makes one update, and nothing says how.",
    repair: "Add `optimizer: …` to the check.",
    example: check("target: 1\n  loss: CrossEntropy\n  expect loss > 0\n  step"),
  },
  "gradient-of": {
    means: "`grad` gives the gradient of something that has a name.",
    repair: "Bind the expression to a name in the network.",
    example: check("expect grad(h + 1) == 1"),
  },
  "jacobian-of": {
    means: "`jacobian(y, x)` takes two values or parameters of the network.",
    repair: "Name what it is of and what it is by.",
    example: check("expect jacobian(h) == 1"),
  },
  "jacobian-of-batch": {
    means: "A Jacobian is that of one sample, and the check runs several.",
    repair: "Give one sample: `x: [1, 2]` instead of `x: [[1, 2], [3, 4]]`.",
    example: check("expect jacobian(h, x) == 1", "x: [[1, 2], [3, 4]]"),
  },
  "after-training": {
    means: "A check after a training looks at what is the same for all samples: parameters, the loss, metrics.",
    repair: "For values of single samples write another check with inputs.",
    example: after("expect h == 1"),
  },
  "after-entry": {
    means: "A check after a training has the inputs, targets and loss of that training.",
    repair: "Leave the entry out, or write a check with inputs.",
    example: after("target: 1\n  expect loss < 1"),
  },
  "nothing-expected": {
    means: "A check without an `expect` always passes.",
    repair: "Add what should hold: `expect loss < 0.5`.",
    example: check("target: 1"),
  },
};
