// What is said of checks.

import { type Cases, check, goodEntries, train } from "./case";

export const ofChecks = {
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
} satisfies Cases;
