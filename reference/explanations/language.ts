// What is said of texts, names and arguments.

import type { Explanation } from "../explanation";
import { check, names, network, train } from "./texts";

export const ofLanguage: Readonly<Record<string, Explanation>> = {
  // The text itself.
  syntax: {
    means:
      "The text does not follow the grammar here. Everything that could be read around it keeps its shapes, hovers and diagram.",
    repair:
      "The message says what was expected. Look also at the end of the line before: a missing bracket is often there.",
    example: network("return x ->"),
  },
  "too-deep": {
    means: "An expression is nested more than 500 levels deep, or a sum has more terms than that.",
    repair: "Bind its parts to names and combine these.",
  },
  "too-long": {
    means: "A file of more than two million characters is not read: it would keep the editor from its other work.",
    repair: 'Move numbers into a data file and read it, `data D = Csv("numbers.csv", target: "y")`.',
  },
  "too-many-problems": {
    means: "The file has more problems than are shown.",
    repair: "Repair the first ones; many others often have the same cause.",
  },
  "too-large": {
    means: "Blocks within blocks, or `repeat`, make more values than can be shown and run.",
    repair: "Repeat less often.",
    example: `block Many(x) {\n  return x -> More repeat 1000\n}\n\nblock More(x) {\n  return x -> ReLU repeat 1000\n}\n\n${network("return x -> Many")}`,
  },
  "not-supported": {
    means: "This is part of the language, and this version of nnet cannot run it yet.",
    repair: "Do without it for now; the rest of the file works.",
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  backend: pytorch" }),
  },

  // Names.
  "unknown-name": {
    ...names("value", ": neither an input nor an attribute, nor a name bound in this network"),
    example: network("hidden = x + 1\n  return hiden * 2"),
  },
  "unknown-layer": { ...names("layer or block", ""), example: network("return x -> Dens(3)") },
  "unknown-function": { ...names("function", ""), example: network("return sqr(x)") },
  "unknown-loss": {
    ...names("loss", ""),
    example: train({ entries: "loss: CrosEntropy\n  optimizer: SGD" }),
  },
  "unknown-optimizer": {
    ...names("optimizer", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: Adem(rate: 0.01)" }),
  },
  "unknown-schedule": {
    ...names("schedule", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  schedule: Cosin" }),
  },
  "unknown-regularizer": {
    ...names("regularizer", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  regularize: [L3(0.01)]" }),
  },
  "unknown-clip": {
    ...names("way to clip gradients", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  clip: Nrm(1.0)" }),
  },
  "unknown-stopping": {
    ...names("stopping rule", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  stop: EarlyStoping(patience: 5)" }),
  },
  "unknown-initializer": {
    ...names("initializer", ""),
    example: network("param W: [4, 2] = Glorto\n  return x @ W"),
  },
  "unknown-metric": {
    ...names("metric", ""),
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  metrics: [acuracy]" }),
  },
  "unknown-dataset": { ...names("data source", ""), example: "data Points = Spirl(classes: 3)\n" },
  "unknown-network": { ...names("network", " in this file or its imports"), example: train({ head: "Nat on Points" }) },
  "unknown-data": { ...names("`data`", " in this file or its imports"), example: train({ head: "Net on Point" }) },
  "unknown-training": {
    means: "A check runs `after` a training of this file, and there is none of this name.",
    repair: "Write the name after `as`, or the network's name for a training without one.",
    example: `${train()}\ncheck "it has learnt" after Nett {\n  expect accuracy > 0.9\n}\n`,
  },
  "unknown-entry": {
    means: "A `train` or `check` has no entry of this name.",
    repair: "The quick fix writes the nearest one; [the language](language.md) lists all.",
    example: train({ entries: "loss: CrossEntropy\n  optimizer: SGD\n  epoch: 3" }),
  },
  "unknown-type": {
    means: "What stands after the colon of an attribute is none of its four types.",
    repair: "Write `int`, `float`, `bool` or `string` for an attribute, and a shape for an input.",
    example: "network Net(x: [2], size: integer = 3) {\n  return x -> Dense(size)\n}\n",
  },
  "unknown-member": {
    means:
      "The value has no part of this name. A layer's parameters are `h.W` and `h.b`, and `h.augmented` is both; `.T` transposes.",
    repair: "Write one of the names in the message. What an operator gives has no parameters.",
    example: network("h = x -> Dense(3)\n  return h + h.c"),
  },
  "unknown-argument": {
    means: "What is called takes no argument of this name.",
    repair: "The quick fix writes the nearest one; the hover over the callee lists all.",
    example: network("return x -> Dense(3, baes: false)"),
  },
  "reserved-name": {
    means: "`target`, `loss` and the like stand for something in losses and checks, so no value may have their name.",
    repair: "Choose another name (F2 renames it everywhere).",
    example: network("target = x + 1\n  return target"),
  },
  "duplicate-name": {
    means: "A name is bound once. Here it is bound again.",
    repair: "Give the second value a name of its own.",
    example: network("h = x + 1\n  h = h * 2\n  return h"),
  },
  "duplicate-argument": {
    means: "The same argument is given by its place and by its name, or by its name twice.",
    repair: "Keep one of them.",
    example: network("return x -> Dense(3, units: 4)"),
  },
  "duplicate-entry": {
    means: "An entry stands twice in one `train` or `check`; the second is not used.",
    repair: "Remove one of them: the quick fix removes the second.",
    example: train({ entries: "loss: CrossEntropy\n  loss: MSE\n  optimizer: SGD" }),
  },
  "duplicate-training": {
    means: "Two trainings have the same name; without `as` a training has the name of its network.",
    repair: "Name one with `as`: `train Net on Points as Second { … }`.",
    example: `${train()}\ntrain Net on Points {\n  loss: CrossEntropy\n  optimizer: Adam\n}\n`,
  },
  "duplicate-check": {
    means: "Two checks have the same title, so the Test Explorer could not tell them apart.",
    repair: "Give one of them another title.",
    example: `${check("expect h == h")}\ncheck "it works" on Net(x: [3, 4]) {\n  expect h == h\n}\n`,
  },
  cycle: {
    means: "A value needs itself, perhaps by way of others. The related places show the way around.",
    repair: "Break the circle: one of the values must be computed from something else.",
    example: network("a = b + 1\n  b = a * 2\n  return b"),
  },

  // Arguments.
  "missing-argument": {
    means: "An argument without a default is not given.",
    repair: "Give it: `Dense(64)`. The hover over the name shows what each argument means.",
    example: network("return x -> Dense"),
  },
  "too-many-arguments": {
    means: "More arguments are given than there are.",
    repair: "Leave out those that are too many.",
    example: network("return x -> Dropout(0.1, 0.2)"),
  },
  "positional-after-named": {
    means: "An argument without a name follows one with a name, so its place does not say which it is.",
    repair: "Write its name, or move it to the front.",
    example: network("return x -> Dense(bias: false, 3)"),
  },
  "argument-type": {
    means: "The argument is of another kind than the one that is needed.",
    repair: "Write what the message asks for.",
    example: network("return x -> Dense(2.5)"),
  },
  "argument-range": {
    means:
      "The number is outside of what makes sense. It may come from an attribute: then a related place names the use that gives it.",
    repair: "Choose a number within the bounds that the message names.",
    example: network("return x -> Dropout(1)"),
  },
  "not-constant": {
    means:
      "A size or another argument decides what the network looks like, so it cannot depend on a value that is computed when it runs.",
    repair: "Use numbers, attributes (`hidden: int = 64`) and arithmetic of them.",
    example: network("return x -> Dense(x)"),
  },
  "ragged-literal": {
    means: "The rows of a tensor have different lengths, or numbers stand beside rows.",
    repair: "Give every row as many numbers.",
    example: network("return x + [[1, 2, 3, 4], [5]]"),
  },
  "not-a-number": {
    means: "A tensor holds numbers only, and here stands something else.",
    repair: "Write a number. Classes are numbers from 0.",
    example: network('return x + [1, "two", 3, 4]'),
  },
  "empty-literal": {
    means: "`[]` in an expression has no numbers. (After the colon of an input it is the shape of a single number.)",
    repair: "Write at least one number.",
    example: network("return x + []"),
  },
};
