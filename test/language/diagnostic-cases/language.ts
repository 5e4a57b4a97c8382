// What is said of texts, names and arguments.

import { body, type Cases, check, goodEntries, net, train } from "./case";

export const ofLanguage = {
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
} satisfies Cases;
