// Data sources as the language knows them: names, arguments, documentation. engine/data reads and generates them.

import type { Arguments } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { boolean, column, file, integer, number, shape, tensor, typedArguments } from "./arguments";

const seed = integer({ min: 0, default: 0, summary: "The same seed gives the same samples." });

const samples = (count: number) => integer({ min: 1, default: count, summary: "Number of samples in all." });

const noise = (deviation: number) =>
  number({ min: 0, default: deviation, summary: "Standard deviation of the normal noise." });

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

/** The arguments of a source, defaults filled in, with their types. Throws when a required one is missing. */
export function datasetArguments<Name extends DatasetName>(name: Name, args: Arguments): DatasetArguments<Name> {
  return typedArguments(datasets[name].arguments, args) as DatasetArguments<Name>;
}

export type DatasetArguments<Name extends DatasetName> = ArgumentsOf<(typeof datasets)[Name]["arguments"]>;

/** Sources the language has and this version cannot read yet. */
export const plannedDatasets: readonly string[] = ["Idx", "Npy", "Npz", "Json"];

interface Dataset<Specs extends ArgumentSpecs> extends Described<Specs> {
  readonly category: string;
}

function dataset<Specs extends ArgumentSpecs>(record: Omit<Dataset<Specs>, "gradient">): Dataset<Specs> {
  return { ...record, gradient: "" };
}
