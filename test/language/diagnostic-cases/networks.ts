// What is said of networks, blocks and data.

import { body, type Cases, codeAndRest, twoInputs } from "./case";

export const ofNetworks = {
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
} satisfies Cases;
