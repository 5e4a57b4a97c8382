// Advice: what it says, where, and what its fix makes of the text; and what it must not say.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filesOf } from "../../engine/data/files";
import { describe as describeData, readDataset } from "../../engine/data/readers";
import type { DataDescription, DataSummary } from "../../engine/protocol/data";
import type { Diagnostic, Fix } from "../../engine/protocol/diagnostic";
import { analyze } from "../../extension/language/analyze";
import { type AdviceCode, adviceMessages } from "../../extension/language/lint/messages";
import { marked } from "./marked";

interface Case {
  /** «…» stands around the place of the advice. */
  readonly text: string;
  readonly says: string;
  readonly data?: Partial<DataSummary>;
  /** The text after each fix, in their order. */
  readonly fixed?: readonly string[];
}

interface TrainingText {
  readonly stages: string;
  readonly loss?: string;
  readonly optimizer?: string;
  readonly more?: string;
  readonly head?: string;
  readonly source?: string;
}

function training({ stages, loss = "MSE", optimizer = "SGD", more = "", head, source }: TrainingText): string {
  return `data Points = ${source ?? "Spiral"}
network Net(x: [2]) {
  return x ${stages}
}
train ${head ?? "Net on Points"} {
  loss: ${loss}
  optimizer: ${optimizer}
${more}}
`;
}

const network = (stages: string, inputs = "x: [4]"): string => `network Net(${inputs}) {\n  return x ${stages}\n}\n`;

const wide = "block Wide(x) {\n  return x -> Dense(8)\n}\n";
const head = "block Head(x) {\n  return x -> Dense(3) -> Softmax\n}\n";
const last = "block Last(x) {\n  return x -> Softmax\n}\n";
const normal = "block Normal(x) {\n  return x -> BatchNorm -> ReLU\n}\n";
const both = "block Both(a, b) {\n  return (a -> Dense(4)) * b\n}\n";

const cases: { readonly [C in AdviceCode]: readonly Case[] } = {
  "not-a-probability": [
    {
      text: training({ stages: "-> Dense(3)", loss: "«CrossEntropy»" }),
      says: "CrossEntropy needs probabilities, but Dense gives any numbers: end the network with Softmax",
      fixed: [training({ stages: "-> Dense(3) -> Softmax", loss: "CrossEntropy" })],
    },
    {
      text: training({ stages: "-> Dense(1) -> ReLU", loss: "«BinaryCrossEntropy»" }),
      says: "BinaryCrossEntropy needs probabilities, but ReLU gives any numbers: end the network with Sigmoid",
      fixed: [training({ stages: "-> Dense(1) -> ReLU -> Sigmoid", loss: "BinaryCrossEntropy" })],
    },
    {
      text: training({ stages: "\n    -> Dense(3) as h # logits", loss: "«CrossEntropy»" }),
      says: "CrossEntropy needs probabilities, but Dense gives any numbers: end the network with Softmax",
      fixed: [training({ stages: "\n    -> Dense(3) as h # logits\n    -> Softmax", loss: "CrossEntropy" })],
    },
    {
      text: `network N(x: [2]) {\n  param W: [2, 3] = He\n  param b: [3] = 0\n  y = x @ W + b\n  return y\n}\ncheck "c" on N(x: [1, 2]) {\n  target: 1\n  loss: «CrossEntropy»\n  expect loss > 0\n}`,
      says: "CrossEntropy needs probabilities, but x @ W + b gives any numbers: end the network with Softmax",
      fixed: [
        `network N(x: [2]) {\n  param W: [2, 3] = He\n  param b: [3] = 0\n  y = x @ W + b\n  return y -> Softmax\n}\ncheck "c" on N(x: [1, 2]) {\n  target: 1\n  loss: CrossEntropy\n  expect loss > 0\n}`,
      ],
    },
  ],
  "logarithm-twice": [
    {
      text: training({ stages: "-> Dense(3) -> LogSoftmax", loss: "«CrossEntropy»" }),
      says: "CrossEntropy takes the logarithm itself, but LogSoftmax gives logarithms already: end the network with Softmax",
      fixed: [training({ stages: "-> Dense(3) -> Softmax", loss: "CrossEntropy" })],
    },
  ],
  "separate-probabilities": [
    {
      text: training({ stages: "-> Dense(3) -> Sigmoid", loss: "«CrossEntropy»" }),
      says: "CrossEntropy needs one probability for each class, together 1, but Sigmoid gives each number a probability of its own",
      fixed: [
        training({ stages: "-> Dense(3) -> Softmax", loss: "CrossEntropy" }),
        training({ stages: "-> Dense(3) -> Sigmoid", loss: "BinaryCrossEntropy" }),
      ],
    },
  ],
  "joint-probabilities": [
    {
      text: training({ stages: "-> Dense(2) -> Softmax", loss: "«BinaryCrossEntropy»" }),
      says: "Softmax gives probabilities that are 1 together, but BinaryCrossEntropy takes each for itself: CrossEntropy belongs to Softmax",
      fixed: [training({ stages: "-> Dense(2) -> Softmax", loss: "CrossEntropy" })],
    },
  ],
  "unreachable-targets": [
    {
      text: training({ stages: "-> Dense(1) -> ReLU", loss: "«MSE»" }),
      says: "ReLU gives nothing below 0, but the targets of Points are -1.2 to 1.1: the network cannot reach them",
      data: { targetRange: [-1.2, 1.1] },
      fixed: [training({ stages: "-> Dense(1)" })],
    },
    {
      text: training({ stages: "-> Dense(1) -> Tanh", loss: "«MSE»" }),
      says: "Tanh gives numbers from -1 to 1, but the targets of Points are 0 to 50: the network cannot reach them",
      data: { targetRange: [0, 50] },
    },
  ],
  "probabilities-twice": [
    {
      text: head + network("-> Head -> «Softmax»"),
      says: "Softmax after Softmax in Head: what is a probability already is squeezed again, and the gradient nearly vanishes",
      fixed: [head + network("-> Head")],
    },
    {
      text: last + network("-> Dense(3) -> Softmax -> «Last»"),
      says: "Softmax in Last after Softmax: what is a probability already is squeezed again, and the gradient nearly vanishes",
      fixed: [last + network("-> Dense(3) -> Last")],
    },
    {
      text: head + last + network("-> Head -> «Last»"),
      says: "Softmax in Last after Softmax in Head: what is a probability already is squeezed again, and the gradient nearly vanishes",
      fixed: [],
    },
    {
      text: network("-> Dense(3) -> Softmax -> «Softmax»"),
      says: "Softmax after Softmax: what is a probability already is squeezed again, and the gradient nearly vanishes",
      fixed: [network("-> Dense(3) -> Softmax")],
    },
    {
      text: network("-> Dense(3) -> Sigmoid as p\n    -> «softmax»"),
      says: "softmax after Sigmoid: what is a probability already is squeezed again, and the gradient nearly vanishes",
      fixed: [network("-> Dense(3) -> Sigmoid as p")],
    },
  ],
  "probability-of-one": [
    {
      text: network("-> Dense(1) -> «Softmax»"),
      says: "Softmax over a single number is always 1: use Sigmoid for one probability",
      fixed: [network("-> Dense(1) -> Sigmoid")],
    },
  ],
  "linear-twice": [
    {
      text: head + network("-> Dense(8) -> «Head»"),
      says: "Dense and Dense in Head with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [head + network("-> Dense(8) -> ReLU -> Head")],
    },
    {
      text: wide + network("-> Wide -> «Dense(3)»"),
      says: "Dense in Wide and Dense with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [wide + network("-> Wide -> ReLU -> Dense(3)")],
    },
    {
      text: wide + network("-> «Wide» repeat 2"),
      says: "Dense in Wide and Dense in Wide with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [],
    },
    {
      text: `${head}block Outer(x) {\n  return x -> Dense(8) -> «Head»\n}\n${network("-> Outer")}`,
      says: "Dense and Dense in Head with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [`${head}block Outer(x) {\n  return x -> Dense(8) -> ReLU -> Head\n}\n${network("-> Outer")}`],
    },
    {
      // Which of the two inputs is meant the text of the use does not tell.
      text: both + network("-> Dense(8) as h\n  return «Both(h, x)»").replace("return x", "y = x"),
      says: "Dense and Dense in Both with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [],
    },
    {
      text: network("-> Dense(8) -> «Dense(3)»"),
      says: "Dense and Dense with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [network("-> Dense(8) -> ReLU -> Dense(3)")],
    },
    {
      text: network("\n    -> Dense(8) as h # hidden\n    -> Dropout(0.1)\n    -> «Dense(3)» as y"),
      says: "Dense and Dense with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: [network("\n    -> Dense(8) as h # hidden\n    -> Dropout(0.1) -> ReLU\n    -> Dense(3) as y")],
    },
    {
      text: "network Net(x: [4]) {\n  h = Dense(x, 8)\n  return «Dense(h, 3)»\n}\n",
      says: "Dense and Dense with nothing between them are a single linear layer: put an activation there, such as ReLU",
      fixed: ["network Net(x: [4]) {\n  h = Dense(x, 8)\n  return Dense(ReLU(h), 3)\n}\n"],
    },
  ],
  "bias-removed": [
    {
      text: normal + network("-> «Dense(8)» -> Normal"),
      says: "BatchNorm in Normal subtracts the mean, and with it the bias of Dense: the bias learns nothing",
      fixed: [normal + network("-> Dense(8, bias: false) -> Normal")],
    },
    {
      text: wide + network("-> «Wide» -> BatchNorm"),
      says: "BatchNorm subtracts the mean, and with it the bias of Dense in Wide: the bias learns nothing",
      fixed: [],
    },
    {
      text: network("-> «Dense(8)» -> BatchNorm -> ReLU"),
      says: "BatchNorm subtracts the mean, and with it the bias of Dense: the bias learns nothing",
      fixed: [network("-> Dense(8, bias: false) -> BatchNorm -> ReLU")],
    },
    {
      text: network("-> «Conv2D(8, kernel: 3)» -> BatchNorm -> ReLU", "x: [3, 8, 8]"),
      says: "BatchNorm subtracts the mean, and with it the bias of Conv2D: the bias learns nothing",
      fixed: [network("-> Conv2D(8, kernel: 3, bias: false) -> BatchNorm -> ReLU", "x: [3, 8, 8]")],
    },
  ],
  "regularized-output": [
    {
      text: network("-> Dense(3) -> «Dropout(0.2)» -> Softmax"),
      says: "Dropout after the last layer with weights falsifies the output itself while training",
      fixed: [network("-> Dense(3) -> Softmax")],
    },
    {
      text: network("\n    -> Dense(3)\n    -> «Dropout(0.2)»"),
      says: "Dropout after the last layer with weights falsifies the output itself while training",
      fixed: [network("\n    -> Dense(3)")],
    },
  ],
  "vanishing-gradient": [
    {
      text: network(`${"-> Dense(4) -> Tanh ".repeat(4)}-> Dense(4) -> «Sigmoid»`),
      says: "5 activations in a row flatten out on both sides, Sigmoid the last of them: little of the gradient comes back to the first layers",
    },
  ],
  "spare-outputs": [
    {
      text: training({ stages: "-> Dense(12) -> Softmax", loss: "CrossEntropy", head: "Net on «Points»" }),
      says: "the network tells 12 classes apart, but Points has only 3",
      data: { classes: ["a", "b", "c"] },
      fixed: [training({ stages: "-> Dense(3) -> Softmax", loss: "CrossEntropy" })],
    },
  ],
  "unscaled-inputs": [
    {
      text: training({ stages: "-> Dense(1)", source: '«Csv("pixels.csv")»' }),
      says: "inputs of Points go from 0 to 255: networks learn best from numbers between about -1 and 1",
      data: { inputRange: [0, 255] },
      fixed: [training({ stages: "-> Dense(1)", source: 'Csv("pixels.csv", scale: 1/255)' })],
    },
    {
      text: training({ stages: "-> Dense(1)", source: '«Csv("digits.csv", header: false)»' }),
      says: "inputs of Points go from 0 to 16: networks learn best from numbers between about -1 and 1",
      data: { inputRange: [0, 16] },
      fixed: [training({ stages: "-> Dense(1)", source: 'Csv("digits.csv", header: false, scale: 1/16)' })],
    },
    {
      text: training({ stages: "-> Dense(1)", source: '«Csv("far.csv", scale: 0.5)»' }),
      says: "inputs of Points go from -300 to 40: networks learn best from numbers between about -1 and 1",
      data: { inputRange: [-300, 40] },
      fixed: [training({ stages: "-> Dense(1)", source: 'Csv("far.csv", scale: 0.5/500)' })],
    },
  ],
  "many-parameters": [
    {
      text: training({ stages: "-> Dense(400) -> ReLU -> Dense(1)", head: "«Net» on Points" }),
      says: "Net has 1,601 parameters for 100 samples: it may learn them by heart",
      data: { samples: 100 },
    },
  ],
  "large-rate": [
    {
      text: training({ stages: "-> Dense(1)", optimizer: "Adam(rate: «0.5»)" }),
      says: "Adam moves every weight by about 0.5 in each step, which rarely learns: 0.001 is usual",
      fixed: [training({ stages: "-> Dense(1)", optimizer: "Adam(rate: 0.001)" })],
    },
    {
      text: training({ stages: "-> Dense(1)", optimizer: "RMSProp(«2»)" }),
      says: "RMSProp moves every weight by about 2 in each step, which rarely learns: 0.01 is usual",
      fixed: [training({ stages: "-> Dense(1)", optimizer: "RMSProp(0.01)" })],
    },
  ],
  "too-much-memory": [
    {
      // W of b has 2.5 · 10⁹ numbers, each with its gradient: 20 GB.
      text: training({
        stages: "-> Dense(50000) as a -> ReLU -> Dense(50000) as b -> ReLU -> Dense(1)",
        head: "«Net» on Points",
      }),
      says: "training Net in batches of 32 needs about 20 GB of memory, and can have 4.3 GB: 20 GB of it for b (Dense)",
      data: { samples: 10 ** 9 },
    },
    {
      // The numbers of a, its activation and the gradient of that, 1,000 of each for every sample.
      text: training({ stages: "-> Dense(1000) as a -> ReLU -> Dense(1)", more: "  batch: «1000000»\n" }),
      says: "training Net in batches of 1000000 needs about 12 GB of memory, and can have 4.3 GB: 4 GB of it for a (Dense)",
      data: { samples: 10 ** 9 },
    },
  ],
  "batch-too-large": [
    {
      text: training({ stages: "-> Dense(1)", more: "  batch: «64»\n  validation: 0.5\n" }),
      says: "a batch of 64 is more than the 30 samples of Points to train on: each epoch is a single step",
      data: { samples: 60 },
      fixed: [training({ stages: "-> Dense(1)", more: "  batch: 30\n  validation: 0.5\n" })],
    },
  ],
};

const described = (summary: Partial<DataSummary>): DataDescription => ({
  kind: "ready",
  summary: { samples: 1000, inputShape: [2], targetShape: [], ...summary },
});

const isAdvice = ({ code }: Diagnostic): boolean => Object.hasOwn(adviceMessages, code);

function applied(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end), text);
}

describe.each(Object.entries(cases))("%s", (code, examples) => {
  test.each(examples.map((example) => [example.says, example] as const))(
    "%s",
    (_, { text: source, says, data, fixed }) => {
      const { text, ranges } = marked(source);
      const environment = { describeData: () => data && described(data) };
      const found = analyze(text, environment).diagnostics;
      const advice = found.filter(isAdvice);
      expect(advice.map((diagnostic) => diagnostic.code)).toEqual([code]);
      expect(advice[0]!.message).toBe(says);
      expect(text.slice(advice[0]!.range.start, advice[0]!.range.end)).toBe(
        text.slice(ranges[0]!.start, ranges[0]!.end),
      );
      expect(advice[0]!.range).toEqual(ranges[0]);
      expect(advice[0]!.severity).toBe(adviceMessages[code as AdviceCode].severity);
      if (fixed !== undefined) expect(advice[0]!.fixes.map((fix) => applied(text, fix))).toEqual(fixed);
    },
  );
});

describe("nothing is said", () => {
  test.each([
    ["about a bottleneck, which two linear layers may be", network("-> Dense(2) -> Dense(4)")],
    [
      "about a linear value that is looked at",
      "network N(x: [4]) {\n  h = x -> Dense(8)\n  return { y: h -> Dense(8), code: h }\n}",
    ],
    ["about an activation between", network("-> Dense(8) -> Tanh -> Dense(3)")],
    [
      "about probabilities computed by hand",
      `network N(x: [3]) {\n  return exp(x) / sum(exp(x))\n}\ncheck "c" on N(x: [1, 2, 3]) {\n  target: 1\n  loss: CrossEntropy\n  expect loss > 0\n}`,
    ],
    [
      "about probabilities that are given",
      `network N(p: [3]) {\n  return p\n}\ncheck "c" on N(p: [0.1, 0.2, 0.7]) {\n  target: 1\n  loss: CrossEntropy\n  expect loss > 0\n}`,
    ],
    [
      "about a mixture of probabilities",
      `network N(x: [3]) {\n  const mix = [[1, 0], [0, 1], [0.5, 0.5]]\n  return Softmax(x) @ mix\n}\ncheck "c" on N(x: [1, 2, 3]) {\n  target: 1\n  loss: CrossEntropy\n  expect loss > 0\n}`,
    ],
    ["about attention, where probabilities weigh values", network("-> Softmax -> Dense(3) -> Softmax")],
    ["about a convolution in two steps", network("-> DepthwiseConv2D(3) -> Conv2D(8, 1) -> ReLU", "x: [3, 8, 8]")],
    ["about dropout alone", network("-> Dropout(0.5)")],
    ["about dropout in front of the last layer", network("-> Dense(8) -> ReLU -> Dropout(0.5) -> Dense(3) -> Softmax")],
    ["about dropout behind features", network("-> Dense(8) -> Dropout(0.5) -> ReLU")],
    ["about four activations that flatten out", network("-> Dense(4) -> Tanh ".repeat(4))],
    [
      "about a chain with ways past it",
      `network N(x: [4]) {\n${Array.from({ length: 6 }, (_, i) => `  h${i + 1} = ${i === 0 ? "x" : `h${i}`} + (${i === 0 ? "x" : `h${i}`} -> Dense(4) -> Tanh)`).join("\n")}\n  return h6\n}`,
    ],
    ["about a network with an error", network("-> Dense(8) -> Dense(3) -> Dens(2)")],
  ])("%s", (_, text) => {
    expect(analyze(text).diagnostics.filter(isAdvice)).toEqual([]);
  });

  test.each<[string, Partial<DataSummary>, TrainingText]>([
    ["about lengths in centimetres", { inputRange: [0.1, 7.9] }, { stages: "-> Dense(1)", source: 'Csv("a.csv")' }],
    ["about a source that cannot scale", { inputRange: [-14, 14] }, { stages: "-> Dense(1)", source: "Blobs" }],
    [
      "about a large input that is scaled by hand",
      { inputRange: [0, 255] },
      { stages: "/ 255 -> Dense(1)", source: 'Csv("a.csv")' },
    ],
    ["about noise around reachable targets", { targetRange: [-1.3, 1.3] }, { stages: "-> Dense(1) -> Tanh" }],
    ["about the whole of a truth table", { samples: 4 }, { stages: "-> Dense(64) -> ReLU -> Dense(1)" }],
    [
      "about many parameters held by dropout",
      { samples: 60 },
      { stages: "-> Dense(400) -> ReLU -> Dropout(0.5) -> Dense(1)" },
    ],
    [
      "about many parameters held by a penalty",
      { samples: 60 },
      { stages: "-> Dense(400, l2: 0.1) -> ReLU -> Dense(1)" },
    ],
    ["about a batch that nobody chose", { samples: 8 }, { stages: "-> Dense(1)" }],
    [
      "about as many outputs as classes",
      { classes: ["a", "b"] },
      { stages: "-> Dense(2) -> Softmax", loss: "CrossEntropy" },
    ],
    ["about a large rate of plain descent", {}, { stages: "-> Dense(1)", optimizer: "SGD(rate: 1)" }],
    ["about Adam's usual rates", {}, { stages: "-> Dense(1)", optimizer: "Adam(rate: 0.1)" }],
  ])("%s", (_, summary, text) => {
    const { diagnostics } = analyze(training(text), { describeData: () => described(summary) });
    expect(diagnostics.filter(isAdvice)).toEqual([]);
  });

  const folder = fileURLToPath(new URL("../../", import.meta.url));
  const shipped = ["examples", "extension/templates"].flatMap((root) =>
    readdirSync(`${folder}${root}`, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".nnet"))
      .map((file) => `${root}/${file}`),
  );

  test.each(shipped)("about %s, whose data is known", async (file) => {
    const text = readFileSync(folder + file, "utf8");
    const reader = filesOf(`${folder}${file.slice(0, file.lastIndexOf("/"))}`);
    const descriptions = new Map<string, DataDescription>();
    for (const { name, source } of analyze(text).module.data) {
      descriptions.set(name, await describeData(() => readDataset(source, reader)));
    }
    const { diagnostics } = analyze(text, { describeData: ({ name }) => descriptions.get(name) });
    expect(diagnostics.filter(isAdvice)).toEqual([]);
  });
});

describe("a block of another file", () => {
  const adviceOn = (text: string, other: string) => {
    const environment = { describeData: () => undefined, readFile: () => ({ text: other }) };
    return analyze(text, environment).diagnostics.filter(isAdvice);
  };

  test("is advised on where it is used", () => {
    const { text, ranges } = marked(`import "head.nnet"\n${network("-> Dense(8) -> «Head»")}`);
    expect(adviceOn(text, head)).toMatchObject([{ code: "linear-twice", range: ranges[0] }]);
  });

  test("is not advised on for what stands in it, however deep", () => {
    const other = `${head}block Deep(x) {\n  return x -> Dense(8) -> Head -> Dense(1) -> Softmax\n}\n`;
    const text = `import "deep.nnet"\nblock Own(x) {\n  return x -> Deep\n}\n${network("-> Own")}`;
    expect(adviceOn(text, other)).toEqual([]);
  });
});

test("a network trained three times is advised once", () => {
  const one = training({ stages: "-> Dense(8) -> Dense(1)" });
  const more = ["A", "B"]
    .map((name) => `train Net on Points as ${name} {\n  loss: MSE\n  optimizer: SGD\n}\n`)
    .join("");
  expect(analyze(one + more).diagnostics.map(({ code }) => code)).toEqual(["linear-twice"]);
});
