// What is said of networks, blocks, imports and data.

import type { Explanation } from "../explanation";
import { network } from "./texts";

export const ofNetworks: Readonly<Record<string, Explanation>> = {
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
};
