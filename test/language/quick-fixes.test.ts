// Fixes: what each makes of the text, and that none leaves a text worse than before.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../engine/model/shape";
import type { DataDescription, DataSummary } from "../../engine/protocol/data";
import type { Diagnostic, Fix } from "../../engine/protocol/diagnostic";
import { analyze, type Environment } from "../../extension/language/analyze";
import { parse } from "../../extension/language/parser";
import { exampleSources, mutatedExample } from "./arbitraries";
import { marked } from "./marked";

function applied(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end), text);
}

interface Case {
  readonly code: string;
  /** «…» stands around the place of the diagnostic. */
  readonly text: string;
  readonly data?: Partial<DataSummary>;
  /** Title and result of each fix. */
  readonly fixes: readonly (readonly [title: string, text: string])[];
}

const network = (body: string, inputs = "x: [4]"): string => `network Net(${inputs}) {\n  ${body}\n}\n`;

const training = (body: string, inputs: string, loss: string, on = "Net on Points", source = "Spiral"): string =>
  `data Points = ${source}\n${network(body, inputs)}train ${on} {\n  loss: ${loss}\n  optimizer: SGD\n}\n`;

const check = (statements: string, inputs = "x: [1, 2]", head = "x: [2]"): string =>
  `${network("return x -> Dense(3) as h", head)}check "c" on Net(${inputs}) {\n  ${statements}\n  expect h == 0\n}\n`;

const cases: readonly Case[] = [
  {
    code: "shape",
    text: network("param W: [32, 10] = He\n  h = x -> Dense(64) -> ReLU\n  return «h @ W»"),
    fixes: [
      ["Change units of Dense to 32", network("param W: [32, 10] = He\n  h = x -> Dense(32) -> ReLU\n  return h @ W")],
      [
        "Declare W with 64 instead of 32",
        network("param W: [64, 10] = He\n  h = x -> Dense(64) -> ReLU\n  return h @ W"),
      ],
    ],
  },
  {
    code: "shape",
    text: network("param W: [3, 4] = He\n  return «x @ W»"),
    fixes: [
      ["Change to W.T", network("param W: [3, 4] = He\n  return x @ W.T")],
      ["Declare W with 4 instead of 3", network("param W: [4, 4] = He\n  return x @ W")],
    ],
  },
  {
    code: "shape",
    text: network("h = x -> Dense(units: 3)\n  return «h + x»"),
    fixes: [["Change units of h to 4", network("h = x -> Dense(units: 4)\n  return h + x")]],
  },
  {
    code: "shape",
    text: network("return x -> «Dense(3)»", "x"),
    fixes: [["Declare x: [1]", network("return x -> Dense(3)", "x: [1]")]],
  },
  {
    code: "shape",
    text: network("return x -> «Reshape([8, 9])»", "x: [64]"),
    fixes: [["Change shape of Reshape to [8, 8]", network("return x -> Reshape([8, 8])", "x: [64]")]],
  },
  {
    code: "data-shape",
    text: training("return x -> Dense(1)", "x: [2]", "MSE", "Net on «Points»"),
    data: { inputShape: [4] },
    fixes: [["Declare x: [4]", training("return x -> Dense(1)", "x: [4]", "MSE")]],
  },
  {
    code: "data-shape",
    text: training("return x -> Flatten -> Dense(1)", "x: [8, 8]", "MSE", "Net on «Points»", 'Csv("a.csv")'),
    data: { inputShape: [64] },
    fixes: [
      [
        "Change shape to [8, 8]",
        training("return x -> Flatten -> Dense(1)", "x: [8, 8]", "MSE", "Net on Points", 'Csv("a.csv", shape: [8, 8])'),
      ],
      ["Declare x: [64]", training("return x -> Flatten -> Dense(1)", "x: [64]", "MSE", undefined, 'Csv("a.csv")')],
    ],
  },
  {
    code: "class-count",
    text: training("return x -> Dense(3) -> Softmax", "x: [2]", "CrossEntropy", "Net on «Points»"),
    data: { classes: [..."0123456789"] },
    fixes: [["Change units of Dense to 10", training("return x -> Dense(10) -> Softmax", "x: [2]", "CrossEntropy")]],
  },
  {
    code: "loss-shape",
    text: training("return x -> Dense(10) -> Softmax", "x: [8, 8]", "«CrossEntropy»"),
    data: { inputShape: [8, 8], classes: [..."0123456789"] },
    fixes: [
      ["Insert -> Flatten", training("return x -> Flatten -> Dense(10) -> Softmax", "x: [8, 8]", "CrossEntropy")],
    ],
  },
  {
    // A convolution takes no vector: what comes after it does.
    code: "loss-shape",
    text: training("return x -> Conv2D(2, 3) -> Dense(10) -> Softmax", "x: [1, 8, 8]", "«CrossEntropy»"),
    data: { inputShape: [1, 8, 8], classes: [..."0123456789"] },
    fixes: [
      [
        "Insert -> Flatten",
        training("return x -> Conv2D(2, 3) -> Flatten -> Dense(10) -> Softmax", "x: [1, 8, 8]", "CrossEntropy"),
      ],
    ],
  },
  {
    // The layer that would take a vector is not on the way to the output.
    code: "loss-shape",
    text: training("y = x -> Dense(10)\n  return x", "x: [1, 8, 8]", "«CrossEntropy»"),
    data: { inputShape: [1, 8, 8], classes: [..."0123456789"] },
    fixes: [],
  },
  {
    code: "loss-shape",
    text: training("return x -> Dense(1) -> Sigmoid", "x: [2]", "«CrossEntropy»"),
    data: { classes: ["no", "yes"] },
    fixes: [
      ["Use BinaryCrossEntropy", training("return x -> Dense(1) -> Sigmoid", "x: [2]", "BinaryCrossEntropy")],
      ["Change units of Dense to 2", training("return x -> Dense(2) -> Sigmoid", "x: [2]", "CrossEntropy")],
    ],
  },
  {
    code: "loss-shape",
    text: training("return x -> Dense(3)", "x: [2]", "«MSE»"),
    data: { targetShape: [7] },
    fixes: [["Change units of Dense to 7", training("return x -> Dense(7)", "x: [2]", "MSE")]],
  },
  {
    code: "parameter-shape",
    text: network("param W: [2, 2] = «[[1, 2], [3, 4], [5, 6]]»\n  return x + sum(W)"),
    fixes: [["Declare W: [3, 2]", network("param W: [3, 2] = [[1, 2], [3, 4], [5, 6]]\n  return x + sum(W)")]],
  },
  {
    code: "unused-value",
    text: network("«spare» = x + 1 # once\n  return x"),
    fixes: [["Remove spare", network("return x").replace("{\n  return", "{\n  return")]],
  },
  {
    code: "missing-return",
    text: "network «Net»(x: [2]) {\n  y = x + 1 # more\n}\n",
    fixes: [["Return y", "network Net(x: [2]) {\n  y = x + 1 # more\n  return y\n}\n"]],
  },
  {
    code: "duplicate-entry",
    text: training("return x -> Dense(1)", "x: [2]", "MSE\n  «loss»: MAE"),
    fixes: [["Remove this loss", training("return x -> Dense(1)", "x: [2]", "MSE")]],
  },
  {
    code: "input-shape",
    text: check("", "x: «[1, 2, 3]»"),
    fixes: [["Declare x: [3]", check("", "x: [1, 2, 3]", "x: [3]")]],
  },
  {
    code: "input-shape",
    text: check("", "«[[1, 2, 3], [4, 5, 6]]»"),
    fixes: [["Declare x: [3]", check("", "[[1, 2, 3], [4, 5, 6]]", "x: [3]")]],
  },
  {
    code: "input-shape",
    text: check("", "x: «[1, -2, # the second row\n 3, 2 ^ 2]»", "x: [2, 2]"),
    fixes: [
      ["Write these numbers as [2, 2]", check("", "x: [[1, -2], [3, 2 ^ 2]]", "x: [2, 2]")],
      ["Declare x: [4]", check("", "x: [1, -2, # the second row\n 3, 2 ^ 2]", "x: [4]")],
    ],
  },
  {
    code: "given-shape",
    text: check("given h.W = «[[1, 2], [3, 4], [5, 6]]»"),
    fixes: [["Transpose these numbers", check("given h.W = [[1, 3, 5], [2, 4, 6]]")]],
  },
  {
    code: "given-shape",
    text: check("given h.b = «[[1, 2, 3]]»"),
    fixes: [["Write these numbers as [3]", check("given h.b = [1, 2, 3]")]],
  },
  {
    code: "given-shape",
    text: check("given h.b = «[1, 2, 3, 4]»"),
    fixes: [["Change units of h to 4", check("given h.b = [1, 2, 3, 4]").replace("Dense(3)", "Dense(4)")]],
  },
  {
    code: "given-shape",
    text: `${network("param W: [4, 2] = He\n  return x @ W")}check "c" on Net([1, 2, 3, 4]) {\n  given W = «[[1], [2], [3], [4]]»\n  expect norm(W) > 0\n}\n`,
    fixes: [
      [
        "Declare W with 1 instead of 2",
        `${network("param W: [4, 1] = He\n  return x @ W")}check "c" on Net([1, 2, 3, 4]) {\n  given W = [[1], [2], [3], [4]]\n  expect norm(W) > 0\n}\n`,
      ],
    ],
  },
  {
    code: "target-shape",
    text: check("loss: MSE\n  target: «[1, 2]»"),
    fixes: [["Change units of h to 2", check("loss: MSE\n  target: [1, 2]").replace("Dense(3)", "Dense(2)")]],
  },
  {
    code: "target-shape",
    text: check("loss: MSE\n  target: «[[1, 2], [3, 4]]»", "[[1, 2], [3, 4]]"),
    fixes: [
      [
        "Change units of h to 2",
        check("loss: MSE\n  target: [[1, 2], [3, 4]]", "[[1, 2], [3, 4]]").replace("Dense(3)", "Dense(2)"),
      ],
    ],
  },
  {
    code: "target-shape",
    text: check("loss: MSE\n  target: «[1, 2, 3, 4, 5, 6]»", "[[1, 2], [3, 4]]"),
    fixes: [
      ["Write these numbers as [2, 3]", check("loss: MSE\n  target: [[1, 2, 3], [4, 5, 6]]", "[[1, 2], [3, 4]]")],
    ],
  },
  {
    code: "target-shape",
    text: check("loss: CrossEntropy\n  target: «[[[0], [2]]]»", "[[1, 2], [3, 4]]"),
    fixes: [["Write these numbers as [2]", check("loss: CrossEntropy\n  target: [0, 2]", "[[1, 2], [3, 4]]")]],
  },
  {
    code: "needs-loss",
    text: `${network("return x", "x: [1]")}check "c {" on Net(x: 1) {\n  target: 1\n  expect «loss» == 0\n}\n`,
    fixes: [
      [
        "Add loss: MSE",
        `${network("return x", "x: [1]")}check "c {" on Net(x: 1) {\n  loss: MSE\n  target: 1\n  expect loss == 0\n}\n`,
      ],
    ],
  },
];

test.each(
  cases.map((example) => [`${example.code}: ${example.fixes.map(([title]) => title).join(", ")}`, example] as const),
)("%s", (_, { code, text: source, data, fixes }) => {
  const { text, ranges } = marked(source);
  const description: DataDescription | undefined = data && {
    kind: "ready",
    summary: { samples: 1000, inputShape: [2], targetShape: [], ...data },
  };
  const found = analyze(text, { describeData: () => description }).diagnostics.find(
    (diagnostic) => diagnostic.code === code,
  );
  expect(found?.range).toEqual(ranges[0]);
  expect(found?.fixes.map((fix) => [fix.title, applied(text, fix)])).toEqual(fixes);
});

// Mutations of real files, with data that is known in many ways.

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
const shipped = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".nnet"))
  .map((file) => readFileSync(folder + file, "utf8"));

const word = fc.constantFrom(
  ..."Dense ReLU Softmax Sigmoid Tanh Dropout Flatten LogSoftmax CrossEntropy BinaryCrossEntropy MSE Adam 1 2 3 10 64 0.5 400 [8, 8] [2] h1 a1 x logits as return -> repeat + @ , ( ) { } [ ] # \n".split(
    " ",
  ),
  "-> Dropout(0.2)",
  "-> Dense(3)",
  "-> Softmax # note",
  "# note\n",
  "\n  loss: MSE",
  "y = ",
  "rate: 5",
);

/** An example in which words are exchanged, left out or doubled: most stay nearly right. */
const mutatedWords = fc
  .tuple(
    fc.constantFrom(...shipped, ...exampleSources),
    fc.array(fc.tuple(fc.nat(1000), word, fc.nat(3)), { minLength: 1, maxLength: 3 }),
  )
  .map(([source, changes]) =>
    changes.reduce((text, [at, written, form]) => {
      const words = [...text.matchAll(/[\p{L}\d_.]+|->|[^\s\p{L}\d_]/gu)];
      const found = words[at % Math.max(1, words.length)];
      if (found === undefined) return text;
      const middle = ["", written, `${found[0]} ${written}`, `${found[0]} ${found[0]}`][form]!;
      return text.slice(0, found.index) + middle + text.slice(found.index + found[0].length);
    }, source),
  );

const summaries = fc.record({
  samples: fc.constantFrom(4, 60, 1000),
  inputShape: fc.constantFrom<readonly number[]>([2], [4], [64], [8, 8], []),
  targetShape: fc.constantFrom<readonly number[]>([], [], [3], [1]),
  classes: fc.option(fc.constantFrom<readonly string[]>(["a", "b"], ["a", "b", "c"], [..."0123456789"]), {
    nil: undefined,
  }),
  inputRange: fc.constantFrom<readonly [number, number]>([0, 1], [0, 255], [0, 16], [-1000, 3]),
  targetRange: fc.constantFrom<readonly [number, number]>([0, 1], [-2, 2]),
});

const world = fc.option(summaries, { nil: undefined }).map((known): Environment => {
  if (known === undefined) return { describeData: () => undefined };
  const { classes, inputRange, inputShape, ...rest } = known;
  return {
    // As the readers do with these two arguments.
    describeData: ({ source: { arguments: args } }) => {
      const scale = typeof args.scale === "number" ? args.scale : 1;
      const [low, high] = [scale * inputRange[0], scale * inputRange[1]].sort((a, b) => a - b);
      const shaped = Array.isArray(args.shape) ? (args.shape as readonly number[]) : inputShape;
      const shape = { inputShape: sizeOf(shaped) === sizeOf(inputShape) ? shaped : inputShape };
      return {
        kind: "ready",
        summary: { ...rest, ...shape, inputRange: [low!, high!], ...(classes && { classes }) },
      };
    },
  };
});

const problemsOf = (text: string): number => parse(text).problems.length;

/** The same diagnostic at the place where the fix left it: what stands before it may have moved. */
function isStillThere({ code, message, range }: Diagnostic, fix: Fix, after: readonly Diagnostic[]): boolean {
  const shift = (offset: number): number =>
    fix.edits.reduce(
      (moved, edit) =>
        edit.range.end <= offset ? moved + edit.newText.length - (edit.range.end - edit.range.start) : moved,
      offset,
    );
  return after.some(
    (other) => other.code === code && other.message === message && other.range.start === shift(range.start),
  );
}

function fixesAreSound(text: string, environment: Environment): void {
  const { diagnostics } = analyze(text, environment);
  for (const diagnostic of diagnostics) {
    for (const fix of diagnostic.fixes) {
      const fixed = applied(text, fix);
      if (problemsOf(fixed) > problemsOf(text)) {
        throw new Error(`${diagnostic.code}, "${fix.title}", adds a syntax problem:\n${fixed}`);
      }
      const after = analyze(fixed, environment).diagnostics;
      if (isStillThere(diagnostic, fix, after)) {
        throw new Error(`${diagnostic.code}, "${fix.title}", does not go away:\n${fixed}`);
      }
    }
  }
}

/** 100,000 before a release: `MUTATIONS=100000 npx vitest run --project unit test/language/quick-fixes.test.ts`. */
const mutations = Number(process.env.MUTATIONS ?? 2000);

describe("a mutated example", () => {
  test("gets fixes that parse and remove what they are for", { timeout: 3_600_000 }, () => {
    const runs = fc.property(fc.oneof({ weight: 3, arbitrary: mutatedWords }, mutatedExample), world, fixesAreSound);
    fc.assert(runs, { numRuns: Math.min(mutations, 20_000) });
  });

  test("is analyzed without throwing", { timeout: 3_600_000 }, () => {
    const runs = fc.property(fc.oneof(mutatedWords, mutatedExample), world, (text, environment) => {
      analyze(text, environment);
    });
    fc.assert(runs, { numRuns: mutations });
  });
});
