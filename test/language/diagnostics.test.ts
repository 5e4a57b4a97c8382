import { describe, expect, test } from "vitest";
import type { DataDescription, NumbersDescription } from "../../engine/protocol/data";
import { analyze } from "../../extension/language/analyze";
import { type Code, messages } from "../../extension/language/diagnostics";
import { marked } from "./marked";

interface Case {
  /** «…» stands around the diagnostic's range, unless it is empty. */
  readonly text: string;
  readonly says: string;
  readonly data?: DataDescription;
  /** Messages of the related places. */
  readonly related?: readonly string[];
  /** The text after the first fix. */
  readonly fixed?: string;
}

const body = (statements: string): string => `network Net(x: [4], n: int = 2) {\n${statements}\n}`;
const net = "network Net(x: [2]) {\n  return x -> Dense(3) as h -> Softmax\n}\n";
const twoInputs = "block Both(a, b) {\n  return a + b\n}\n";
const codeAndRest = "block Split(x) {\n  return { code: x * 2, rest: x }\n}\n";
const points = "data Points = Spiral\n";
const train = (entries: string, head = "train Net on Points"): string => `${points}${net}${head} {\n${entries}\n}`;
const goodEntries = "loss: CrossEntropy\noptimizer: SGD(rate: 0.1)";
const check = (statements: string, inputs = "x: [1, 2]"): string =>
  `${net}check "it works" on Net(${inputs}) {\n${statements}\n}`;
const ready = (summary: Partial<Extract<DataDescription, { kind: "ready" }>["summary"]>): DataDescription => ({
  kind: "ready",
  summary: { samples: 9, inputShape: [2], targetShape: [], ...summary },
});

/** Codes with a test of their own below, in imports.test.ts, or, where a text has to run, in breakdown.test.ts. */
const withoutExample = [
  "too-many-problems",
  "too-deep",
  "import-missing",
  "import-cycle",
  "import-error",
  "imported-error",
  "parameter-file",
  "not-finite",
] as const;

const cases: { readonly [C in Exclude<Code, (typeof withoutExample)[number]>]: readonly Case[] } = {
  syntax: [{ text: "network N(x: [2]) {\n  return x ->«»\n}", says: "" }],
  "not-supported": [
    {
      text: train(`${goodEntries}\nbackend: «pytorch»`),
      says: "`backend: pytorch` is part of the language, but this version cannot run it yet",
    },
  ],
  "unknown-name": [
    {
      text: body("  hidden = x + 1\n  return «hiden» + 1"),
      says: "unknown name hiden: did you mean hidden?",
      fixed: body("  hidden = x + 1\n  return hidden + 1"),
    },
    { text: body("  return «quux»"), says: "unknown name quux" },
    { text: check("expect «losss» == 1"), says: "unknown name losss: did you mean loss?" },
  ],
  "unknown-layer": [
    {
      text: body("  return x -> «Dens»(3)"),
      says: "unknown layer Dens: did you mean Dense?",
      fixed: body("  return x -> Dense(3)"),
    },
    { text: body("  return x -> «Relu»"), says: "unknown layer Relu: did you mean ReLU?" },
    { text: body("  return x -> «Quuxly»"), says: "unknown layer Quuxly" },
  ],
  "unknown-function": [{ text: body("  return «sqr»(x)"), says: "unknown function sqr: did you mean sqrt?" }],
  "unknown-loss": [
    {
      text: train("loss: «CrosEntropy»\noptimizer: SGD(rate: 1)"),
      says: "unknown loss CrosEntropy: did you mean CrossEntropy?",
    },
  ],
  "unknown-schedule": [
    {
      text: train(`${goodEntries}\nschedule: «Cosin»(warmup: 1)`),
      says: "unknown schedule Cosin: did you mean Cosine?",
    },
  ],
  "unknown-regularizer": [
    {
      text: train(`${goodEntries}\nregularize: [L1(0.1), «L22»(0.1)]`),
      says: "unknown regularizer L22: did you mean L2?",
    },
  ],
  "unknown-clip": [{ text: train(`${goodEntries}\nclip: «Nrm»(1)`), says: "unknown clip Nrm: did you mean Norm?" }],
  "unknown-stopping": [
    {
      text: train(`${goodEntries}\nstop: «EarlyStoping»(patience: 5)`),
      says: "unknown stopping rule EarlyStoping: did you mean EarlyStopping?",
    },
  ],
  "unknown-optimizer": [
    { text: train("loss: MSE\noptimizer: «Adem»"), says: "unknown optimizer Adem: did you mean Adam?" },
  ],
  "unknown-initializer": [
    {
      text: body("  param W: [4, 2] = «Glorto»\n  return x @ W"),
      says: "unknown initializer Glorto: did you mean Glorot?",
    },
  ],
  "unknown-metric": [
    { text: train(`${goodEntries}\nmetrics: [«acuracy»]`), says: "unknown metric acuracy: did you mean accuracy?" },
  ],
  "unknown-dataset": [
    { text: "data D = «Spirl»(classes: 3)", says: "unknown data source Spirl: did you mean Spiral?" },
  ],
  "unknown-network": [
    { text: train(goodEntries, "train «Nat» on Points"), says: "unknown network Nat: did you mean Net?" },
  ],
  "unknown-data": [
    { text: train(goodEntries, "train Net on «Point»"), says: "unknown data Point: did you mean Points?" },
    { text: train(`${goodEntries}\nvalidation: «Pints»`), says: "unknown data Pints: did you mean Points?" },
  ],
  "unknown-training": [
    {
      text: `${train(goodEntries)}\ncheck "trained" after «Nett» {\n  expect 1 == 1\n}`,
      says: "unknown training Nett: did you mean Net?",
    },
  ],
  "unknown-entry": [
    { text: train(`${goodEntries}\n«epoch»: 3`), says: "a train has no entry epoch: did you mean epochs?" },
    { text: check("«traget»: 1\nexpect x == [1, 2]"), says: "a check has no entry traget: did you mean target?" },
  ],
  "unknown-type": [
    {
      text: "network N(x: [2], n: «integer» = 3) {\n  return x\n}",
      says: "unknown type integer: an attribute is int, float, bool or string, an input has a shape like [2]",
    },
  ],
  "unknown-member": [
    { text: body("  h = x -> Dense(3)\n  return h + h.«c»"), says: "h has no c: it has W and b" },
    { text: body("  h = x + 1\n  return h.«W»"), says: "h has no W: it has no parameters" },
    { text: check("expect h.«w» == 1"), says: "h has no w: it has W and b" },
  ],
  "unknown-argument": [
    { text: body("  return x -> Dense(3, «baes»: false)"), says: "Dense has no argument baes: did you mean bias?" },
    { text: train(goodEntries, "train Net(«hiden»: 3) on Points"), says: "Net has no argument hiden" },
  ],
  "duplicate-name": [
    {
      text: body("  h = x + 1\n  «h» = x + 2\n  return h"),
      says: "h is already the name of something else here: names are bound once",
      related: ["h is bound here"],
    },
    {
      text: body("  «x» = 3\n  return x"),
      says: "x is already the name of something else here: names are bound once",
      related: ["x is bound here"],
    },
    {
      text: body("  y = x -> Dense(2) as «n» -> ReLU\n  return y"),
      says: "n is already the name of something else here: names are bound once",
    },
    {
      text: `${net}network «Net»(y) {\n  return y\n}`,
      says: "Net is already the name of something else here: names are bound once",
      related: ["Net is declared here"],
    },
  ],
  "duplicate-argument": [{ text: body("  return x -> Dense(3, «units: 4»)"), says: "Dense is given units twice" }],
  "duplicate-entry": [
    {
      text: train(`${goodEntries}\n«loss»: MSE`),
      says: "loss is given twice: the first one counts",
      related: ["loss is given here"],
    },
  ],
  "duplicate-training": [
    {
      text: `${train(goodEntries)}\ntrain «Net» on Points {\n${goodEntries}\n}`,
      says: "there already is a training called Net: name this one with `as`",
    },
  ],
  "duplicate-check": [
    {
      text: `${check("expect 1 == 1")}\ncheck «"it works"» on Net(x: [1, 2]) {\nexpect 1 == 1\n}`,
      says: 'there already is a check called "it works"',
    },
  ],
  cycle: [
    {
      text: body("  a = b + 1\n  b = «a» * 2\n  return b"),
      says: "a → b → a: a value cannot be computed from itself",
      related: ["a needs b", "b needs a"],
    },
    { text: body("  a = «a» + 1\n  return a"), says: "a → a: a value cannot be computed from itself" },
  ],
  "missing-argument": [
    { text: body("  return x -> «Dense»"), says: "Dense needs units: Number of outputs." },
    {
      text: 'network P(x, n: int) {\n  return x + n\n}\ncheck "c" on «P»(x: 1) {\n  expect 1 == 1\n}',
      says: "P needs n: it has no default",
    },
    { text: check("expect 1 == 1", "").replace("on Net", "on «Net»"), says: "Net needs x: an input of the network" },
  ],
  "too-many-arguments": [
    { text: body("  return x -> ReLU(«3»)"), says: "ReLU takes no arguments" },
    { text: body("  return x -> Dropout(0.1, «0.2»)"), says: "Dropout takes one argument" },
  ],
  "positional-after-named": [
    {
      text: body("  return x -> Dense(bias: false, «3»)"),
      says: "arguments without a name stand before those with one",
    },
  ],
  "argument-type": [
    { text: body("  return x -> Dense(«true»)"), says: "units must be a whole number; true was given" },
    { text: body("  return x -> Dense(«2.5»)"), says: "units must be a whole number; 2.5 was given" },
    { text: body("  return x -> Dense(3, bias: «1»)"), says: "bias must be true or false; 1 was given" },
    { text: body("  return x -> Reshape(«4»)"), says: "shape must be a shape, [8, 8]; 4 was given" },
    { text: "data D = Csv(«3»)", says: 'file must be a path in quotes, "data/file.csv"; 3 was given' },
    { text: train(`${goodEntries}\nshuffle: «3»`), says: "shuffle must be true or false; 3 was given" },
    { text: check("reduction: «men»\nexpect 1 == 1"), says: "reduction must be one of mean, sum; men was given" },
  ],
  "argument-range": [
    { text: body("  return x -> Dense(«-1»)"), says: "units must be at least 1; -1 was given" },
    { text: body("  return x -> Dense(«n - 2»)"), says: "units must be at least 1; 0 was given" },
    { text: body("  return x -> Dropout(«1»)"), says: "rate must be less than 1; 1 was given" },
    { text: train(`${goodEntries}\nvalidation: «1.5»`), says: "validation must be less than 1; 1.5 was given" },
    { text: "network N(x: [«0»]) {\n  return x\n}", says: "a dimension must be at least 1; 0 was given" },
    {
      text: "network N(x: [2, «n - 9»], n: int = 4) {\n  return x\n}",
      says: "a dimension must be at least 1; -5 was given",
    },
  ],
  "not-constant": [
    {
      text: body("  return x -> Dense(«x»)"),
      says: "units must be known before the network runs: numbers, attributes and arithmetic of them",
    },
  ],
  "ragged-literal": [
    {
      text: body("  return x + [[1, 2], «[3]»]"),
      says: "the rows of this literal differ in length, or numbers and rows are mixed",
    },
  ],
  "not-a-number": [{ text: body('  return x + [1, «"two"», 3, 4]'), says: "a tensor literal holds numbers only" }],
  "empty-literal": [{ text: body("  return x + «[]»"), says: "a tensor literal needs at least one number" }],
  "missing-return": [
    { text: "network «Net»(x: [2]) {\n  y = x\n}", says: "Net returns nothing: end it with `return` and a value" },
  ],
  "second-return": [
    {
      text: body("  return x\n  «return x + 1»"),
      says: "a network returns once: give several outputs as `return { a: …, b: … }`",
      related: ["the network returns here"],
    },
  ],
  "return-not-last": [
    {
      text: body("  «return y»\n  y = x + 1"),
      says: "`return` gives the network's output: let it be the last statement",
    },
  ],
  "attribute-unset": [
    {
      text: "network N(x: [2], «units»: int) {\n  return x -> Dense(units)\n}",
      says: "units has neither a default nor a use in this file that gives it a value: shapes stay unknown",
    },
  ],
  "attribute-as-value": [
    {
      text: 'network N(x: [2], mode: string = "a") {\n  return x + «mode»\n}',
      says: "mode is a text, which no value can be computed from",
    },
  ],
  "layer-expected": [
    {
      text: body("  layer e = «3»\n  return x"),
      says: "`layer` shares a layer: write its name and arguments, as in a pipeline",
    },
  ],
  "input-default": [
    {
      text: "network N(x: [2] = «3») {\n  return x\n}",
      says: "x is an input and has no default; an attribute has a type: `x: int = 1`",
    },
  ],
  "layer-without-input": [
    { text: body("  return «Dense»(units: 3)"), says: "Dense needs an input: write `x -> Dense`" },
    { text: body("  return x + «ReLU»"), says: "ReLU needs an input: write `x -> ReLU`" },
    {
      text: body("  layer e = Dense(3)\n  y = x -> e\n  return y + «e»"),
      says: "e needs an input: write `x -> e`",
    },
  ],
  "layer-instance-call": [
    { text: body("  layer e = Dense(3)\n  return x -> e(«5»)"), says: "e already has its arguments: write `-> e`" },
    {
      text: body("  layer e = Dense(3)\n  return e(x, «bias: true»)"),
      says: "e already has its arguments: write `-> e`",
    },
  ],
  "parameter-without-shape": [
    {
      text: body("  param «W» = He\n  return x @ W"),
      says: "W needs a shape, `W: [2, 3] = …`, or numbers to begin with",
    },
  ],
  "parameter-without-start": [
    {
      text: body("  param «W»: [4, 2]\n  return x @ W"),
      says: "W needs numbers to begin with: `= [[1, 2]]`, `= 0` or the name of an initializer",
    },
  ],
  "parameter-shape": [
    {
      text: body("  param b: [3] = «[1, 2]»\n  return x -> Dense(3) -> add(b)"),
      says: "b is declared [3], but its numbers are [2]",
      related: ["b is declared [3]"],
    },
  ],
  shape: [
    {
      text: "network N(x: [10]) {\n  param W: [32, 10] = He\n  h1 = x -> Dense(64)\n  return «h1 @ W»\n}",
      says: "h1 gives [64], but W: [32, 10] needs [32] here",
      related: ["h1 gives [64]", "W is [32, 10]"],
    },
    {
      text: body("  h = x -> Dense(3)\n  return «h + x»"),
      says: "h gives [3] and x is [4]: [3] + [4] does not fit: 3 and 4 differ, and neither is 1",
      related: ["h gives [3]", "x is [4]"],
    },
    {
      text: body("  return «x[5:]»"),
      says: "x is [4]: nothing is left of [4] between 5 and the end: dimension 0 has positions 0 to 3",
    },
    {
      text: "network N(x) {\n  return x -> «Softmax»\n}",
      says: "x is []: Softmax needs a vector, but gets a single number, whose only probability would be 1",
    },
  ],
  "shared-weights": [
    {
      text: body("  layer e = Dense(3)\n  a = x -> e\n  b = x -> Dense(7) -> «e»\n  return a + b"),
      says: "e is shared: its weights are [4, 3] where it was first used, but would have to be [7, 3] here",
    },
  ],
  "not-a-value": [
    { text: body('  return x + «"text"»'), says: '"text" is a text, where a value is expected' },
    { text: body("  return x + «true»"), says: "true is a truth value, where a value is expected" },
  ],
  "not-callable": [
    {
      text: body("  h = x + 1\n  return x -> «h»"),
      says: "h is a value, not a layer or function: nothing can be passed to it",
    },
  ],
  "reserved-name": [
    {
      text: body("  «target» = x + 1\n  return target"),
      says: "target has a meaning of its own in losses and checks: choose another name",
    },
    {
      text: "network N(«target»: [2]) {\n  return target\n}",
      says: "target has a meaning of its own in losses and checks: choose another name",
    },
  ],
  "block-cycle": [
    { text: "block A(x) {\n  return x -> «A»\n}", says: "A → A: a block cannot contain itself" },
    {
      text: `block A(x) {\n  return x -> B\n}\nblock B(x) {\n  return x -> «A»\n}\n${body("  return x -> A")}`,
      says: "A → B → A: a block cannot contain itself",
    },
  ],
  "block-inputs": [
    { text: `${twoInputs}${body("  return x -> «Both»")}`, says: "Both takes 2 inputs, but gets 1" },
    { text: `${twoInputs}${body("  return (x, x, x) -> «Both»")}`, says: "Both takes 2 inputs, but gets 3" },
  ],
  "block-input-shape": [
    {
      text: `block Small(a: [n], n: int) {\n  return a\n}\n${body("  return x -> «Small(3)»")}`,
      says: "Small needs a: [3], but x is [4]",
      related: ["a is [3]"],
    },
  ],
  "several-outputs": [
    {
      text: `${codeAndRest}${body("  return x -> Split -> «Dense(2)»")}`,
      says: "Split gives several values, code and rest: name it and write which, `r.code`",
    },
    {
      text: `${codeAndRest}${body("  s = x -> Split\n  return «s + 1»")}`,
      says: "Split gives several values, code and rest: name it and write which, `r.code`",
    },
  ],
  "too-large": [
    {
      text: `block A(x) {\n  return x -> B repeat 1000\n}\nblock B(x) {\n  return x -> «C» repeat 1000\n}\nblock C(x) {\n  return x\n}\n${body("  return x -> A")}`,
      says: "Net has more than 10,000 values: this is more than can be shown and run",
    },
  ],
  "unused-value": [
    { text: body("  «spare» = x + 1\n  return x"), says: "spare is never used: the output does not depend on it" },
    { text: body("  layer «e» = Dense(3)\n  return x"), says: "e is never used: the output does not depend on it" },
  ],
  "data-source": [
    {
      text: "data D = «Spiral -> ReLU»",
      says: 'a data declaration names its source: `data Flowers = Csv("flowers.csv", target: "kind")`',
    },
  ],
  "data-problem": [
    {
      text: 'data D = Csv(«"missing.csv"»)',
      says: "missing.csv does not exist",
      data: { kind: "problem", problem: { message: "missing.csv does not exist", argument: "file" } },
    },
    {
      text: 'data D = «Csv("ragged.csv")»',
      says: "row 7 has 3 cells, the others have 4",
      data: { kind: "problem", problem: { message: "row 7 has 3 cells, the others have 4" } },
    },
  ],
  "missing-entry": [
    {
      text: train("optimizer: Adam", "train «Net» on Points"),
      says: "this train needs loss, for example `loss: MSE`",
      fixed: train("  loss: MSE\noptimizer: Adam"),
    },
    {
      text: train("loss: MSE", "train «Net» on Points"),
      says: "this train needs optimizer, for example `optimizer: SGD`",
    },
  ],
  "input-count": [
    {
      text: `${points}network Two(a: [2], b: [2]) {\n  return a + b\n}\ntrain «Two» on Points {\n${goodEntries}\n}`,
      says: "Two has 2 inputs, but a data set feeds exactly one",
      related: ["a is an input", "b is an input"],
    },
  ],
  "data-shape": [
    {
      text: train(goodEntries, "train Net on «Points»"),
      says: "a sample of Points is [8], but x needs [2]",
      data: ready({ inputShape: [8] }),
      related: ["x is [2]", "Points gives [8]"],
    },
  ],
  "loss-shape": [{ text: train("loss: «MSE»\noptimizer: Adam"), says: "", data: ready({ targetShape: [7] }) }],
  "class-count": [
    {
      text: train(goodEntries, "train Net on «Points»"),
      says: "Points has 4 classes, but the network tells only 3 apart",
      data: ready({ classes: ["a", "b", "c", "d"] }),
    },
  ],
  "loss-not-single": [
    {
      text: train("loss: «(h - target)^2»\noptimizer: Adam"),
      says: "a loss is a single number for each sample, but this is [3]: take its mean or its sum",
      data: ready({ targetShape: [3] }),
      fixed: train("loss: mean((h - target)^2)\noptimizer: Adam"),
    },
  ],
  "loss-in-formula": [
    {
      text: train("loss: «CrossEntropy» + 0.01 * sum(h.W^2)\noptimizer: Adam"),
      says: "CrossEntropy cannot be a part of an expression: write its formula, and penalties under `regularize`",
    },
  ],
  "layer-in-formula": [
    {
      text: train("loss: sum(«Softmax(h)» * target)\noptimizer: Adam"),
      says: "Softmax is a layer: bind it to a name in the network and write that name here",
    },
    {
      text: check("expect «ReLU(h)» == 0"),
      says: "ReLU is a layer: bind it to a name in the network and write that name here",
    },
  ],
  "block-as-network": [
    {
      text: `${points}${twoInputs}train «Both» on Points {\n${goodEntries}\n}`,
      says: "Both is a block: use it in a network, and train or check that",
    },
  ],
  "training-error": [
    {
      text: `${train("loss: MSE\noptimizer: Adm")}\ncheck "c" after «Net» {\n  expect loss < 1\n}`,
      says: "Net cannot run before its errors are gone",
      related: ["Net is declared here"],
    },
  ],
  "network-error": [
    {
      text: `${points}network Bad(x: [2]) {\n  return x -> Nonsense\n}\ntrain «Bad» on Points {\n${goodEntries}\n}`,
      says: "Bad cannot run before its errors are gone",
    },
  ],
  "input-shape": [
    {
      text: check("expect 1 == 1", "x: «[1, 2, 3]»"),
      says: "x is [2] for one sample, or a batch of them; [3] was given",
      related: ["x is [2]"],
    },
  ],
  "batch-size": [
    {
      text: 'network Two(a, b) {\n  return a + b\n}\ncheck "c" on Two(a: [1, 2], b: «[1, 2, 3]») {\n  expect 1 == 1\n}',
      says: "a has a batch of 2, but b has a batch of 3",
    },
  ],
  "target-shape": [
    {
      text: check("target: «[1, 2, 3]»\nexpect 1 == 1", "x: [[1, 2], [3, 4]]"),
      says: "this target is [3]: it needs one row for each of the 2 samples",
    },
  ],
  "class-index": [
    {
      text: check("target: «3»\nloss: CrossEntropy\nexpect loss > 0"),
      says: "there is no class 3: the output's 3 are numbered 0 to 2",
    },
    {
      text: check("target: [[2], [«-1»]]\nloss: CrossEntropy\nexpect loss > 0", "x: [[1, 2], [3, 4]]"),
      says: "there is no class -1: the output's 3 are numbered 0 to 2",
    },
    {
      text: check("target: [0, «0.5»]\nloss: CrossEntropy\nexpect loss > 0", "x: [[1, 2], [3, 4]]"),
      says: "there is no class 0.5: the output's 3 are numbered 0 to 2",
    },
  ],
  "upstream-shape": [
    { text: check("upstream: «[1, 2]»\nexpect 1 == 1"), says: "the output is [3], but upstream is [2]" },
  ],
  "given-target": [
    {
      text: check("given «x» = [1, 2]\nexpect 1 == 1"),
      says: "x is no parameter of the network: only those can be given",
    },
  ],
  "given-shape": [
    {
      text: check("given h.W = «[1, 2]»\nexpect 1 == 1"),
      says: "h.W is [2, 3]; [2] was given",
      related: ["h.W is [2, 3]"],
    },
  ],
  "expect-comparison": [{ text: check("expect «h»"), says: "an `expect` compares two sides: `expect loss < 0.5`" }],
  "expect-shape": [
    {
      text: check("expect «h == [1, 2]»"),
      says: "the left side is [3], but the right side is [2]",
      related: ["this is [3]", "this is [2]"],
    },
    { text: check("expect «h == sum(h)»"), says: "the left side is [3], but the right side is []" },
  ],
  "needs-loss": [
    { text: check("target: 1\nexpect «loss» == 1"), says: "loss needs a loss: add `loss: …` to this check" },
    {
      text: check("target: 1\nexpect «grad»(target) == 1"),
      says: "grad(target) needs a loss: add `loss: …` to this check",
    },
  ],
  "needs-target": [
    {
      text: check("loss: «CrossEntropy»\nexpect 1 == 1"),
      says: "a loss needs a target: add `target: …` to this check",
    },
    { text: check("expect «accuracy» == 1"), says: "accuracy needs a target: add `target: …` to this check" },
  ],
  "needs-optimizer": [
    { text: check("expect 1 == 1\n«step»"), says: "`step` needs an optimizer: add `optimizer: …` to this check" },
  ],
  "jacobian-of": [
    {
      text: check("expect «jacobian(h)» == 1"),
      says: "jacobian takes two values or parameters of the network, as in jacobian(y, x), not jacobian(h)",
    },
    {
      text: check("expect «jacobian(h + 1, x)» == 1"),
      says: "jacobian takes two values or parameters of the network, as in jacobian(y, x), not jacobian(h + 1, x)",
    },
  ],
  "jacobian-of-batch": [
    {
      text: check("expect «jacobian(h, x)» == 1", "x: [[1, 2], [3, 4]]"),
      says: "a Jacobian is that of one sample: give the inputs without the batch dimension",
    },
  ],
  "after-training": [
    {
      text: `${train(goodEntries)}\ncheck "c" after Net {\n  expect «h» == 1\n}`,
      says: 'h differs from sample to sample: a check after Net looks at parameters, loss and metrics; for the rest give inputs, `check "…" on Net(…)`',
    },
    {
      text: `${train(goodEntries)}\ncheck "c" after Net {\n  expect norm(«grad(h.W)») < 1\n}`,
      says: 'grad(h.W) differs from sample to sample: a check after Net looks at parameters, loss and metrics; for the rest give inputs, `check "…" on Net(…)`',
    },
  ],
  "after-entry": [
    {
      text: `${train(goodEntries)}\ncheck "c" after Net {\n  «target»: 1\n  expect loss < 1\n}`,
      says: "`target` is for checks with inputs: Net has its own, and has run to its end",
    },
    {
      text: `${train(goodEntries)}\ncheck "c" after Net {\n  expect loss < 1\n  «step»\n}`,
      says: "`step` is for checks with inputs: Net has its own, and has run to its end",
    },
  ],
  "gradient-of": [
    {
      text: check("expect grad(«h + 1») == 1"),
      says: "grad takes a value of the network, `target` or a parameter, not h + 1",
    },
  ],
  "nothing-expected": [
    {
      text: check("target: 1").replace('"it works"', '«"it works"»'),
      says: "this check expects nothing: add `expect …`",
    },
  ],
};

describe.each(Object.entries(cases))("%s", (code, examples) => {
  test.each(examples.map((example) => [example.says || example.text, example] as const))("%s", (_, example) => {
    const { text, ranges } = marked(example.text);
    const { diagnostics } = analyze(text, { describeData: () => example.data });
    const found = diagnostics.find((diagnostic) => diagnostic.code === code);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    if (example.says !== "") expect(found!.message).toBe(example.says);
    if (ranges.length > 0 && code !== "syntax") {
      expect(text.slice(found!.range.start, found!.range.end)).toBe(text.slice(ranges[0]!.start, ranges[0]!.end));
      expect(found!.range).toEqual(ranges[0]);
    }
    if (example.related) expect(found!.related.map(({ message }) => message)).toEqual(example.related);
    if (example.fixed !== undefined) {
      const [edit] = found!.fixes[0]!.edits;
      expect(text.slice(0, edit!.range.start) + edit!.newText + text.slice(edit!.range.end)).toBe(
        marked(example.fixed).text,
      );
    }
    expect(found!.severity).toBe(messages[code as Code].severity);
  });
});

describe("one error", () => {
  test.each([
    ["an unknown layer", body("  h = x -> Dens(3)\n  g = h -> Dense(4) -> ReLU\n  return g + h")],
    ["an unknown name", body("  h = y + 1\n  return h -> Dense(4)")],
    ["a wrong argument", body("  return x -> Dense(-1) -> Dense(4) -> Softmax")],
    ["a cycle", body("  a = b + 1\n  b = a * 2\n  return b -> Dense(3)")],
    ["an image that is none", body("  return x -> Conv2D(16, 3) -> Dense(3)")],
    ["a wrong shared layer", body("  layer e = Dens(3)\n  a = x -> e\n  return a + e.b")],
    ["a shared layer's argument", body("  layer e = Dense(-3)\n  a = x -> e\n  return a + e.b")],
    ["an unclosed call", body("  h = x -> Dense(\n  return h")],
    ["an unclosed call at the end", body("  return x -> Dense(")],
    ["an unclosed call before a stage", body("  return x -> Dense(2 -> ReLU")],
    ["an unclosed call with a name before a stage", body("  return x -> Dense(units: 2 -> Dense(3) -> Softmax")],
    ["a wrong initializer", body("  param W: [4, 2] = Nonsense\n  return x @ W + 1")],
  ])("of %s stays one diagnostic", (_, text) => {
    expect(analyze(text).diagnostics).toHaveLength(1);
  });

  test("keeps the shapes of everything else", () => {
    const { module } = analyze(body("  h = x -> Dens(3)\n  g = x -> Dense(4)\n  return g + h"));
    expect(module.networks[0]!.values.map(({ id, shape }) => [id, shape])).toEqual([
      ["x", [4]],
      ["h", undefined],
      ["g", [4]],
      ["add#1", undefined],
    ]);
  });

  test("in a network is told once, however many trainings use it", () => {
    const text = `${points}network Bad(x: [2], n: int = 3) {\n  return x -> Dense(n, units: 3)\n}\n`;
    const uses = [1, 2, 3].map((n) => `train Bad(n: ${n}) on Points as T${n} {\n${goodEntries}\n}\n`).join("");
    const codes = analyze(text + uses).diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code === "duplicate-argument")).toHaveLength(1);
  });
});

test("an error that only one training's attributes cause names that training", () => {
  const text = `${points}network Wide(x: [2], n: int = 3) {\n  return x -> Dense(n - 2)\n}\ntrain Wide(n: 2) on Points {\n${goodEntries}\n}`;
  const found = analyze(text).diagnostics.find(({ code }) => code === "argument-range")!;
  expect(found.message).toBe("units must be at least 1; 0 was given");
  expect(found.related.map(({ message }) => message)).toEqual(["with the attributes given here"]);
});

test("an expression nested too deeply is refused, not followed to the end of the stack", () => {
  const text = body(`  y = ${"-".repeat(20_000)}x\n  z = x + 1\n  return z`);
  const { diagnostics, module } = analyze(text);
  expect(diagnostics.map(({ code }) => code)).toSatisfy(
    (codes: string[]) => codes.includes("too-deep") || codes.includes("syntax"),
  );
  expect(module.networks[0]?.values.some(({ id }) => id === "z")).toBe(true);
});

test("a chain of a thousand terms is too deep", () => {
  const text = body(`  return ${Array.from({ length: 1000 }, () => "x").join(" + ")}`);
  expect(analyze(text).diagnostics.map(({ code }) => code)).toEqual(["too-deep"]);
});

test("at most 200 diagnostics are shown for a file, the first saying so", () => {
  const lines = Array.from({ length: 500 }, (_, index) => `  v${index} = nothing${index}`);
  const { diagnostics } = analyze(body(`${lines.join("\n")}\n  return x`));
  expect(diagnostics).toHaveLength(200);
  expect(diagnostics[0]!.code).toBe("too-many-problems");
  expect(diagnostics[0]!.message).toBe("only the first 199 problems of this file are shown");
});

describe("the file that a parameter begins with", () => {
  const text = body('  param b: [3] = "b.npy"\n  return x -> Dense(3) -> add(b)');
  const found = (description: NumbersDescription) =>
    analyze(text, { describeData: () => undefined, describeNumbers: () => description }).diagnostics;

  test("is told when it cannot be read, at its path", () => {
    const [diagnostic, ...others] = found({ kind: "problem", message: "there is no file b.npy" });
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: "parameter-file", message: "there is no file b.npy" });
    expect(text.slice(diagnostic!.range.start, diagnostic!.range.end)).toBe('"b.npy"');
  });

  test("has the shape that is declared, or a fix declares its own", () => {
    expect(found({ kind: "ready", shape: [3] })).toEqual([]);
    const [diagnostic] = found({ kind: "ready", shape: [2, 3] });
    expect(diagnostic).toMatchObject({
      code: "parameter-shape",
      message: "b is declared [3], but its numbers are [2, 3]",
      fixes: [{ title: "Declare b: [2, 3]", edits: [{ newText: "[2, 3]" }] }],
    });
    expect(diagnostic!.fixes).toHaveLength(1);
  });
});

test("every code of the table has an example here", () => {
  const covered = new Set<string>([...Object.keys(cases), ...withoutExample]);
  expect(Object.keys(messages).filter((code) => !covered.has(code))).toEqual([]);
});
