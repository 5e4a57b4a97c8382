// What each diagnostic means and what to do about it, with a text that raises it. `test/reference.test.ts` runs every
// example, so that none goes out of date.

export interface Explanation {
  readonly means: string;
  readonly repair: string;
  /** A whole file that raises it; absent where none is short enough. */
  readonly example?: string;
  /** The example as it should be, where only running raises it. */
  readonly mended?: string;
  /** Files that the example imports. */
  readonly files?: Readonly<Record<string, string>>;
}

const network = (body: string, inputs = "x: [4]"): string => `network Net(${inputs}) {\n  ${body}\n}\n`;

interface TrainText {
  readonly entries?: string;
  readonly head?: string;
  readonly stages?: string;
  readonly source?: string;
  readonly inputs?: string;
}

const train = ({
  entries = "loss: CrossEntropy\n  optimizer: SGD",
  head = "Net on Points",
  stages = "-> Dense(3) as h -> Softmax",
  source = "Spiral",
  inputs = "x: [2]",
}: TrainText = {}): string =>
  `data Points = ${source}\n\n${network(`return x ${stages}`, inputs)}\ntrain ${head} {\n  ${entries}\n}\n`;

const check = (lines: string, inputs = "x: [1, 2]"): string =>
  `network Net(x: [2]) {\n  return x -> Dense(3) as h -> Softmax\n}\n\ncheck "it works" on Net(${inputs}) {\n  ${lines}\n}\n`;

/** y = 2x + 1. The loss bends by 2 · mean(x²) = 15 along the weight: a step with a rate above 2/15 goes too far. */
const line = (rate: number): string =>
  train({
    entries: `loss: MSE\n  optimizer: SGD(rate: ${rate})\n  batch: 4\n  epochs: 200`,
    source: "Table(inputs: [[1], [2], [3], [4]], targets: [3, 5, 7, 9])",
    inputs: "x: [1]",
    stages: "-> Dense(1) as y",
  });

const after = (lines: string): string => `${train()}\ncheck "it has learnt" after Net {\n  ${lines}\n}\n`;

const names = (what: string, where: string): Pick<Explanation, "means" | "repair"> => ({
  means: `There is no ${what} of this name${where}.`,
  repair: "If one is spelled nearly so, the quick fix writes it. Completion (Ctrl+Space) lists all there are.",
});

export const explanations: Readonly<Record<string, Explanation>> = {
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

  // Networks.
  "missing-return": {
    means: "A network or block gives what follows `return`, and this one has none.",
    repair: "End it with `return` and a value. The quick fix returns what the last statement binds.",
    example: network("y = x -> Dense(3)"),
  },
  "second-return": {
    means: "There are two `return`s; the first one counts.",
    repair: "Give several outputs by name: `return { probabilities: p, code: h }`.",
    example: network("return x\n  return x + 1"),
  },
  "return-not-last": {
    means: "Statements follow `return`. They do count, but readers do not expect them there.",
    repair: "Move `return` to the end.",
    example: network("return y\n  y = x + 1"),
  },
  "attribute-unset": {
    means:
      "An attribute has no default, and nothing in this file gives it a value: the shapes that depend on it are not known.",
    repair: "Give it a default, `hidden: int = 64`, or a value where the network is used.",
    example: "network Net(x: [2], hidden: int) {\n  return x -> Dense(hidden)\n}\n",
  },
  "attribute-as-value": {
    means: "A text stands where a number is computed with.",
    repair: "Use an attribute of type `int`, `float` or `bool`.",
    example: 'network Net(x: [2], mode: string = "a") {\n  return x + mode\n}\n',
  },
  "layer-expected": {
    means: "`layer` names one layer that several pipelines share; something else follows it.",
    repair: "Write the layer as in a pipeline: `layer encoder = Dense(64)`. For a value leave `layer` out.",
    example: network("layer encoder = 3\n  return x"),
  },
  "input-default": {
    means: "An input is what data is fed into, so it has no default.",
    repair: "For an attribute write its type: `x: int = 1`.",
    example: "network Net(x: [2] = 3) {\n  return x\n}\n",
  },
  "layer-without-input": {
    means: "A layer is used as a value, but nothing flows into it.",
    repair: "Pipe a value into it, `x -> ReLU`, or pass it, `ReLU(x)`.",
    example: network("return x + ReLU"),
  },
  "layer-instance-call": {
    means: "A shared layer got its arguments where `layer` declares it.",
    repair: "Use it without arguments: `x -> encoder`.",
    example: network("layer encoder = Dense(3)\n  return x -> encoder(5)"),
  },
  "parameter-without-shape": {
    means: "An initializer fills a shape, and the parameter has none.",
    repair: "Write the shape: `param W: [4, 2] = He`.",
    example: network("param W = He\n  return x @ W"),
  },
  "parameter-without-start": {
    means: "Nothing says what numbers the parameter begins with.",
    repair: "Write an initializer, a number or a tensor after `=`.",
    example: network("param W: [4, 2]\n  return x @ W"),
  },
  "parameter-shape": {
    means: "The declared shape and the numbers differ.",
    repair: "Change one of them; the quick fix declares the shape that the numbers have.",
    example: network("param b: [3] = [1, 2]\n  return x -> Dense(2) -> add(b)"),
  },
  "parameter-file": {
    means:
      "The file that a parameter begins with is not there, is no file that `numpy.save` writes, or holds something else than numbers.",
    repair: "Mend the path, which is relative to the file that says it, or write the numbers with `numpy.save`.",
  },
  shape: {
    means:
      "The shapes that meet here do not fit. The message shows the arithmetic, the related places show where each shape comes from.",
    repair:
      "For `@` the last dimension on the left must be the first on the right; element by element two sizes must be equal or one of them 1. Quick fixes offer the right number of units, another declaration or the transpose.",
    example: network("param W: [32, 10] = He\n  h = x -> Dense(64)\n  return h @ W"),
  },
  "shared-weights": {
    means:
      "A shared layer has one set of weights, and here comes a value of another size than where it was first used.",
    repair: "Bring both values to the same size, or use two layers.",
    example: network("layer encoder = Dense(3)\n  a = x -> encoder\n  b = x -> Dense(7) -> encoder\n  return a + b"),
  },
  "not-a-value": {
    means: "Something that is no number or tensor stands where one is computed with.",
    repair: "Write a value.",
    example: network('return x + "text"'),
  },
  "not-callable": {
    means: "A value is called as if it were a layer.",
    repair: "Add or multiply it, or declare a shared layer with `layer`.",
    example: network("h = x + 1\n  return x -> h"),
  },
  "unused-value": {
    means:
      "No output depends on this value, and no check looks at it: it is computed for nothing, and its weights never learn.",
    repair: "Use it or remove it.",
    example: network("spare = x -> Dense(3)\n  return x"),
  },

  // Blocks and imports.
  "block-cycle": {
    means: "A block uses itself, perhaps by way of others: that would never end.",
    repair: "Use `repeat`, or break the circle.",
    example: `block Deep(x) {\n  return x -> Deep\n}\n\n${network("return x -> Deep")}`,
  },
  "block-inputs": {
    means: "A block gets more or fewer values than it has inputs.",
    repair: "Pipe as many: `(a, b) -> Both`.",
    example: `block Both(a, b) {\n  return a + b\n}\n\n${network("return x -> Both")}`,
  },
  "block-input-shape": {
    means: "A block declares the shape of its input, and another one comes in.",
    repair: "Change the shape in the block, or leave it out: then the block takes any that fits its body.",
    example: `block Small(a: [3]) {\n  return a\n}\n\n${network("return x -> Small")}`,
  },
  "several-outputs": {
    means: "A block that returns several values is used as if it were one.",
    repair: "Bind its use to a name and write which value: `r = x -> Split`, then `r.code`.",
    example: `block Split(x) {\n  return { code: x * 2, rest: x }\n}\n\n${network("return x -> Split -> Dense(2)")}`,
  },
  "block-as-network": {
    means: "A block has no data of its own: it cannot be trained or checked alone.",
    repair: "Use it in a network.",
    example: `block Body(x) {\n  return x -> Dense(3)\n}\n\ncheck "alone" on Body(x: [1, 2]) {\n  expect 1 == 1\n}\n`,
  },
  "import-missing": {
    means: "The imported file cannot be read.",
    repair: "Paths are relative to the file that imports.",
    example: 'import "missing.nnet"\n',
  },
  "import-cycle": {
    means: "Two files import each other, perhaps by way of others. The message names the way around.",
    repair: "Move what both need into a third file.",
  },
  "import-error": {
    means: "The imported file has an error, so what it declares may be missing here.",
    repair: "Open that file (Ctrl+click on the path) and repair it.",
    example: 'import "other.nnet"\n',
    files: { "other.nnet": "block Broken(x) {\n  return x -> Dens(3)\n}\n" },
  },
  "imported-error": {
    means: "Something of an imported file does not work as it is used here.",
    repair: "The message names the place in that file. Change the use, or the file.",
    example: `import "other.nnet"\n\n${network("return x -> Narrow")}`,
    files: { "other.nnet": "block Narrow(x) {\n  param W: [3, 2] = He\n  return x @ W\n}\n" },
  },

  // Data.
  "data-source": {
    means: "A `data` declaration names one data source.",
    repair: "Write its name and arguments; [the language](language.md#data-sources) lists all.",
    example: "data Points = Spiral -> ReLU\n",
  },
  "data-problem": {
    means: "The data cannot be used. The message names file, row and column where it can.",
    repair: "Repair the file, or the argument that is underlined. The file is read again when it changes.",
    example: 'data Flowers = Csv("data/roses.csv")\n',
  },

  // Trainings.
  "missing-entry": {
    means: "A `train` needs a loss and an optimizer.",
    repair: "The quick fix adds the line.",
    example: train({ entries: "loss: CrossEntropy" }),
  },
  "input-count": {
    means: "A data set feeds one value into the network for each sample.",
    repair: "Give the network one input; take it apart inside with `x[0]` or `Slice`.",
    example: `data Points = Spiral\n\nnetwork Two(a: [2], b: [2]) {\n  return a + b\n}\n\ntrain Two on Points {\n  loss: MSE\n  optimizer: SGD\n}\n`,
  },
  "data-shape": {
    means: "A sample of the data has another shape than the network's input.",
    repair: "Quick fixes change the input, or give the samples the input's shape where they have as many numbers.",
    example: train({ inputs: "x: [4]" }),
  },
  "loss-shape": {
    means: "The loss cannot compare this output with targets of this shape.",
    repair:
      "For classes end with one unit for each and `Softmax`, and use `CrossEntropy`; for numbers end with as many units as a target has. An image needs `Flatten` before the first `Dense`.",
    example: train({ entries: "loss: MSE\n  optimizer: SGD", stages: "-> Dense(3)" }),
  },
  "loss-not-single": {
    means: "A loss written as an expression must be a single number for each sample.",
    repair: "Take its mean or its sum.",
    example: train({
      entries: "loss: (h - target)^2\n  optimizer: SGD",
      stages: "-> Dense(3) as h",
    }),
  },
  "loss-in-formula": {
    means: "A loss of the catalog stands inside of an expression.",
    repair: "Write its formula, or keep the loss alone and put penalties under `regularize: [L2(0.01)]`.",
    example: train({ entries: "loss: CrossEntropy + 0.01 * sum(h.W^2)\n  optimizer: SGD" }),
  },
  "layer-in-formula": {
    means: "A layer stands in a loss or an `expect`, where only what has been computed can be looked at.",
    repair: "Bind the layer's output to a name in the network, and write that name here.",
    example: check("expect ReLU(h) == h"),
  },
  "class-count": {
    means: "The network has fewer outputs than the data has classes, so it could never name the others.",
    repair: "The quick fix gives the last layer one unit for each class.",
    example: train({ source: "Spiral(classes: 5)" }),
  },
  "network-error": {
    means: "The network of this training or check has errors, so it cannot run.",
    repair: "Repair the network; this one goes away by itself.",
    example: train({ stages: "-> Nonsense" }),
  },
  "training-error": {
    means: "The training that this check runs after has errors.",
    repair: "Repair the training; this one goes away by itself.",
    example: `${train({ entries: "loss: CrossEntropy\n  optimizer: Adm" })}\ncheck "it has learnt" after Net {\n  expect loss < 1\n}\n`,
  },
  "not-finite": {
    means:
      "A number became infinite or NaN, which is no number at all. Every further step would only spread it, so the training ended with the weights from before that step. The message says where it began and what went in; **Explain** beside it shows the formula with its numbers. Mostly the learning rate is too large: every update overshoots by more than it corrects, and weights and loss grow until float32 cannot hold them, above $3.4 \\cdot 10^{38}$. Otherwise something was computed that is not defined: the logarithm of a number that is not above 0, a division by 0, an exponential above 88.",
    repair:
      "Lower the rate, to a tenth at a time. Clip gradients that are large only now and then, `clip: Norm(1)`. Bring the numbers near 1: `scale` of the data, a `BatchNorm` or `LayerNorm` between layers. In a formula of your own keep each function where it is defined, `log(x + 1e-7)`.",
    example: line(0.5),
    mended: line(0.05),
  },

  // Checks.
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

  // Advice: a loss and what it is given.
  "not-a-probability": {
    means:
      "The loss takes the logarithm of probabilities, and the network gives any numbers. Negative ones have no logarithm: they are clipped, and learn nothing. In nnet the activation belongs to the network, other than in PyTorch, whose `CrossEntropyLoss` contains it; both compute the same, and no precision is lost.",
    repair: "The quick fix ends the network with the activation that gives probabilities.",
    example: train({ stages: "-> Dense(3)" }),
  },
  "logarithm-twice": {
    means: "The loss takes the logarithm itself.",
    repair: "End the network with the activation that gives the probabilities themselves.",
    example: train({ stages: "-> Dense(3) -> LogSoftmax" }),
  },
  "separate-probabilities": {
    means:
      "The loss for one class of several needs probabilities that are 1 together. A probability for each number alone does not force the network to decide: all of them may be large.",
    repair: "Use `Softmax` when one class is right. When several may be, keep it and use `BinaryCrossEntropy`.",
    example: train({ stages: "-> Dense(3) -> Sigmoid" }),
  },
  "joint-probabilities": {
    means:
      "Each output is compared as a yes-or-no answer of its own, but they are 1 together: one says the same as the others.",
    repair: "Use the loss that belongs to the activation, or a single unit with `Sigmoid`.",
    example:
      'network Net(x: [2]) {\n  return x -> Dense(2) -> Softmax\n}\n\ncheck "yes or no" on Net(x: [1, 2]) {\n  target: [1, 0]\n  loss: BinaryCrossEntropy\n  expect loss > 0\n}\n',
  },
  "unreachable-targets": {
    means: "The last activation has bounds, and the targets lie outside: however long it learns, it cannot reach them.",
    repair: "For numbers without bounds end with a `Dense`, without an activation: the quick fix removes it.",
    example: train({
      source: "Sine",
      inputs: "x: [1]",
      stages: "-> Dense(16) -> Tanh -> Dense(1) -> ReLU",
      entries: "loss: MSE\n  optimizer: Adam",
    }),
  },

  // Advice: layers in a row.
  "probabilities-twice": {
    means:
      "Probabilities lie between 0 and 1, so a second `Softmax` sees nearly equal numbers and gives nearly equal probabilities: the loss stops falling early.",
    repair: "The quick fix removes the second one.",
    example: network("return x -> Dense(3) -> Softmax -> Softmax"),
  },
  "probability-of-one": {
    means: "Probabilities over a single number are always 1: nothing can be learnt.",
    repair: "Use `Sigmoid` for one probability, or one unit for each class.",
    example: network("return x -> Dense(1) -> Softmax"),
  },
  "linear-twice": {
    means:
      "$(xW_1)W_2 = x(W_1W_2)$: two linear layers in a row can do no more than one. A first layer that is narrower than both sides is left alone: such a bottleneck may be meant.",
    repair: "The quick fix puts an activation between them.",
    example: network("return x -> Dense(8) -> Dense(3)"),
  },
  "bias-removed": {
    means:
      "The normalization after the layer subtracts the mean over the batch, and with it the layer's bias: the bias has no effect and no gradient.",
    repair: "The quick fix writes `bias: false`. The normalization has a shift of its own.",
    example: network("return x -> Dense(8) -> BatchNorm -> ReLU"),
  },
  "regularized-output": {
    means:
      "While training, a share of the outputs themselves is made 0: the loss then compares the target with a random gap.",
    repair: "Put it in front of the last layer with weights; the quick fix removes it.",
    example: network("return x -> Dense(8) -> ReLU -> Dense(3) -> Dropout(0.2) -> Softmax"),
  },
  "vanishing-gradient": {
    means:
      "The slope of these activations is at most 1 (`Sigmoid`: ¼) and nearly 0 for large numbers. Through many in a row the gradient of the first layers becomes tiny, and they hardly learn.",
    repair: "Use `ReLU` in hidden layers, normalize between them, or lead a sum past them, `x + f(x)`.",
    example: network(`return x${"\n    -> Dense(8) -> Sigmoid".repeat(5)}`),
  },

  // Advice: a training and its data.
  "spare-outputs": {
    means:
      "The network has more outputs than the data has classes. It learns that some never occur, which takes time and helps nobody.",
    repair: "The quick fix gives the last layer one unit for each class.",
    example: train({ stages: "-> Dense(12) -> Softmax" }),
  },
  "unscaled-inputs": {
    means:
      "Inputs of this size make large activations and gradients: training is slow or leaps about, and the same learning rate suits no other data.",
    repair: "Scale them, `scale: 1/255`. The quick fix writes the factor, 1/255 for bytes.",
    example: `data Points = Csv("data/digits.csv.gz", header: false)\n\nnetwork Net(x: [64]) {\n  return x -> Dense(10) -> Softmax\n}\n\ntrain Net on Points {\n  loss: CrossEntropy\n  optimizer: SGD\n}\n`,
  },
  "many-parameters": {
    means:
      "With more than ten parameters for each sample a network can learn the samples by heart and be wrong about all others.",
    repair:
      "Take fewer units or more samples, or hold against it: `Dropout`, `regularize`, `stop: EarlyStopping(patience: 5)`. A `validation` shows whether it happens.",
    example: train({ stages: "-> Dense(64) -> ReLU -> Dense(64) -> ReLU -> Dense(3) -> Softmax" }),
  },
  "large-rate": {
    means:
      "These optimizers divide the gradient by its size, so every weight moves by about the learning rate in each step, however small the gradient is.",
    repair: "The quick fix writes the usual rate.",
    example: train({ entries: "loss: CrossEntropy\n  optimizer: Adam(rate: 1)" }),
  },
  "too-much-memory": {
    means:
      "Parameters, their gradients, what the optimizer remembers of them and all that one batch computes stand in memory at the same time, and that is more than can be addressed. The message says which layer needs the most.",
    repair:
      "Make that layer smaller, or the batch. A `Dense` after `Flatten` has a weight for every pixel and unit: pool first.",
    example: train({ stages: "-> Dense(30000) -> ReLU -> Dense(30000) -> ReLU -> Dense(3) -> Softmax" }),
  },
  "batch-too-large": {
    means: "The batch is larger than all the samples there are to train on, so every epoch makes a single update.",
    repair: "Take a smaller batch.",
    example: train({ source: "Spiral(samples: 60)", entries: "loss: CrossEntropy\n  optimizer: SGD\n  batch: 128" }),
  },
};
