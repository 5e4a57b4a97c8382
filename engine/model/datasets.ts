// Data sources as the language knows them: names, arguments, documentation. engine/data reads and generates them.

import type { Arguments } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { boolean, column, file, integer, number, shape, string, tensor, typedArguments } from "./arguments";

const seed = integer({ min: 0, default: 0, summary: "The same seed gives the same samples." });

const samples = (count: number) => integer({ min: 1, default: count, summary: "Number of samples in all." });

const noise = (deviation: number) =>
  number({ min: 0, default: deviation, summary: "Standard deviation of the normal noise." });

/** Of the sources that read arrays: what may be done to the inputs of each sample. */
const forInputs = {
  shape: shape({
    optional: true,
    summary: "Shape given to the inputs of each sample, `[784]` for a vector of pixels.",
  }),
  scale: number({ default: 1, summary: "Every input is multiplied by it: `1/255` brings bytes to 0…1." }),
};

export const datasets = {
  Csv: dataset({
    category: "file",
    summary:
      "A table in a text file, one sample a row: one column is the target, the others in their order are the inputs. Also `.gz`.",
    equation: "",
    source: "RFC 4180",
    arguments: {
      file: file({ summary: "Path relative to this file." }),
      target: column({
        default: -1,
        summary:
          "The target's column: its name, or its number from 0, negative from the end. Text in it names classes, which become indices in alphabetical order.",
      }),
      shape: shape({ optional: true, summary: "Shape given to the inputs of each sample, `[1, 8, 8]` for an image." }),
      scale: number({ default: 1, summary: "Every input is multiplied by it: `1/16` brings 0…16 to 0…1." }),
      header: boolean({
        optional: true,
        summary: "Whether the first row names the columns; left out, it does when no cell of it is a number.",
      }),
    },
  }),
  Idx: dataset({
    category: "file",
    summary:
      "Images and their labels in two IDX files, as MNIST and its relatives come. Also `.gz`. Images of one channel, which the files hold as [N, H, W], are [1, H, W] each; integer labels name classes.",
    equation: "",
    source: "LeCun, Cortes & Burges, “The MNIST database”, file formats",
    arguments: {
      images: file({ summary: "Path of the inputs, relative to this file." }),
      labels: file({ summary: "Path of the targets, relative to this file." }),
      ...forInputs,
    },
  }),
  Npy: dataset({
    category: "file",
    summary:
      "Inputs and targets in two NumPy files, as `numpy.save` writes them: [N, …] with one entry for each sample. Integer targets [N] that count from 0 name classes.",
    equation: "",
    source: "NumPy, numpy.lib.format, versions 1 to 3",
    arguments: {
      inputs: file({ summary: "Path relative to this file." }),
      targets: file({ summary: "Path relative to this file." }),
      ...forInputs,
    },
  }),
  Npz: dataset({
    category: "file",
    summary:
      "Inputs and targets in one archive of NumPy arrays, as `numpy.savez` and `numpy.savez_compressed` write it: [N, …] with one entry for each sample. Integer targets [N] that count from 0 name classes.",
    equation: "",
    source: "NumPy, numpy.savez",
    arguments: {
      file: file({ summary: "Path relative to this file." }),
      inputs: string({ default: "x", summary: "Name of the array in the archive." }),
      targets: string({ default: "y", summary: "Name of the array in the archive." }),
      ...forInputs,
    },
  }),
  Json: dataset({
    category: "file",
    summary:
      "Samples in a JSON file: a list of objects, one for each sample, or one object of lists. Numbers may be nested to any depth; texts in the targets name classes, which become indices in alphabetical order. Also `.gz`.",
    equation: "",
    source: "RFC 8259",
    arguments: {
      file: file({ summary: "Path relative to this file." }),
      inputs: string({
        optional: true,
        summary: "Key of the inputs; left out, all other keys, in their order, are one number each.",
      }),
      targets: string({ summary: "Key of the targets." }),
      ...forInputs,
    },
  }),
  Table: dataset({
    category: "file",
    summary: "Samples written out in the file itself.",
    equation: "",
    source: "",
    arguments: {
      inputs: tensor({ summary: "One sample per row: [N, …]." }),
      targets: tensor({ summary: "One target per row: [N] or [N, …]." }),
    },
  }),
  Spiral: dataset({
    category: "classification",
    summary: "Points [2] on spiral arms around the origin, one arm a class; the target is the arm's index.",
    equation: String.raw`r = \tfrac{i}{n},\quad \theta = 4k + 4r + \varepsilon,\quad x = (r\sin\theta,\ r\cos\theta)`,
    source: "Karpathy, CS231n notes, “Putting it together: Minimal Neural Network Case Study”",
    arguments: {
      classes: integer({ min: 2, default: 3, summary: "Number of arms." }),
      samples: samples(300),
      noise: noise(0.2),
      seed,
    },
  }),
  Moons: dataset({
    category: "classification",
    summary:
      "Points [2] on two half circles that reach into each other; the target is 0 for the upper, 1 for the lower.",
    equation: String.raw`(\cos t,\ \sin t)\ \text{and}\ (1-\cos t,\ \tfrac12-\sin t),\quad t \in [0, \pi]`,
    source: "scikit-learn, make_moons",
    arguments: { samples: samples(200), noise: noise(0.1), seed },
  }),
  Circles: dataset({
    category: "classification",
    summary: "Points [2] on two circles around the origin; the target is 0 for the outer, 1 for the inner.",
    equation: String.raw`(\cos t,\ \sin t)\ \text{and}\ f\,(\cos t,\ \sin t)`,
    source: "scikit-learn, make_circles",
    arguments: {
      samples: samples(200),
      noise: noise(0.05),
      factor: number({ above: 0, below: 1, default: 0.5, summary: "Radius of the inner circle; the outer has 1." }),
      seed,
    },
  }),
  Blobs: dataset({
    category: "classification",
    summary: "Normal clouds of points around random centers in [−5, 5), one cloud a class; the target is its index.",
    equation: String.raw`x = c_k + \varepsilon`,
    source: "scikit-learn, make_blobs",
    arguments: {
      classes: integer({ min: 2, default: 3, summary: "Number of clouds." }),
      samples: samples(300),
      features: integer({ min: 1, default: 2, summary: "Numbers per point." }),
      noise: noise(1),
      seed,
    },
  }),
  Xor: dataset({
    category: "classification",
    summary:
      "The corners of the unit square in turn, [0,0], [0,1], [1,0], [1,1]; the target is 1 where exactly one coordinate is 1.",
    equation: String.raw`t = x_1 \oplus x_2`,
    source: "Minsky & Papert 1969",
    arguments: { samples: samples(4), noise: noise(0), seed },
  }),
  Plane: dataset({
    category: "regression",
    summary: "Points [2] spread evenly over [−1, 1)²; the target is the height of a tilted plane, with noise.",
    equation: String.raw`t = \tfrac12\,(x_1 + x_2) + \varepsilon`,
    source: "TensorFlow Playground, “plane”",
    arguments: { samples: samples(200), noise: noise(0.05), seed },
  }),
  Sine: dataset({
    category: "regression",
    summary: "Numbers [1] spread evenly over [−π, π); the target is their sine, with noise.",
    equation: String.raw`t = \sin x + \varepsilon`,
    source: "Bishop 2006, section 1.1",
    arguments: { samples: samples(200), noise: noise(0.1), seed },
  }),
};

export type DatasetName = keyof typeof datasets;

export function isDatasetName(name: string): name is DatasetName {
  return Object.hasOwn(datasets, name);
}

/** Names of the arguments that are paths of files to read. */
export function fileArguments(name: DatasetName): string[] {
  const specs: ArgumentSpecs = datasets[name].arguments;
  return Object.keys(specs).filter((argument) => specs[argument]!.type.kind === "file");
}

/** The arguments of a source, defaults filled in, with their types. Throws when a required one is missing. */
export function datasetArguments<Name extends DatasetName>(name: Name, args: Arguments): DatasetArguments<Name> {
  return typedArguments(datasets[name].arguments, args) as DatasetArguments<Name>;
}

export type DatasetArguments<Name extends DatasetName> = ArgumentsOf<(typeof datasets)[Name]["arguments"]>;

/** Sources the language has and this version cannot read yet. */
export const plannedDatasets: readonly string[] = [];

interface Dataset<Specs extends ArgumentSpecs> extends Described<Specs> {
  readonly category: string;
}

function dataset<Specs extends ArgumentSpecs>(record: Omit<Dataset<Specs>, "gradient">): Dataset<Specs> {
  return { ...record, gradient: "" };
}
