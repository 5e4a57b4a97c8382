// Synthetic data sets: points drawn from a formula, the same for the same seed. Points and numbers are those of
// scikit-learn, TensorFlow Playground and CS231n where the comment says so.

import type { DatasetArguments } from "../model/datasets";
import { normal, randomStream, streamOf } from "../model/random";
import { DataError, type Dataset } from "./dataset";

/** Arms of a spiral in the unit disc, one class each; the noise turns a point by an angle in radians. */
export function spiral(draw: DatasetArguments<"Spiral">): Dataset {
  const random = source("Spiral", draw);
  return classified(draw, draw.classes, (label, t) => {
    const angle = 4 * label + 4 * t + draw.noise * random.normal();
    return [t * Math.sin(angle), t * Math.cos(angle)];
  });
}

/** Two half circles that reach into each other. Source: scikit-learn, make_moons. */
export function moons(draw: DatasetArguments<"Moons">): Dataset {
  const random = source("Moons", draw);
  return classified(draw, 2, (label, t) => {
    const angle = Math.PI * t;
    const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x + draw.noise * random.normal(), y + draw.noise * random.normal()];
  });
}

/** A circle of radius `factor` inside one of radius 1. Source: scikit-learn, make_circles. */
export function circles(draw: DatasetArguments<"Circles">): Dataset {
  const random = source("Circles", draw);
  return classified(draw, 2, (label, _, index, count) => {
    const angle = (2 * Math.PI * index) / count;
    const radius = label === 0 ? 1 : draw.factor;
    return [
      radius * Math.cos(angle) + draw.noise * random.normal(),
      radius * Math.sin(angle) + draw.noise * random.normal(),
    ];
  });
}

/** Round clouds whose centers lie anywhere in [-5, 5)ⁿ; the noise is their standard deviation. Source: scikit-learn, make_blobs. */
export function blobs(draw: DatasetArguments<"Blobs">): Dataset {
  checkSize(draw.samples, draw.features);
  const random = source("Blobs", draw);
  const centers = Array.from({ length: draw.classes }, () =>
    Array.from({ length: draw.features }, () => random.between(-5, 5)),
  );
  return classified(draw, draw.classes, (label) =>
    centers[label]!.map((center) => center + draw.noise * random.normal()),
  );
}

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** The corners of the unit square in turn; class 1 where exactly one coordinate is 1. The noise moves the points. */
export function xor(draw: DatasetArguments<"Xor">): Dataset {
  checkSize(draw.samples, 2);
  const random = source("Xor", draw);
  const samples = Array.from({ length: draw.samples }, (_, index) => corners[index % corners.length]!);
  return {
    inputs: {
      shape: [draw.samples, 2],
      data: Float64Array.from(samples.flat(), (coordinate) => coordinate + draw.noise * random.normal()),
    },
    targets: { shape: [draw.samples], data: Float64Array.from(samples, ([x, y]) => (x === y ? 0 : 1)) },
    summary: { samples: draw.samples, inputShape: [2], targetShape: [], classes: ["0", "1"], features: axes(2) },
  };
}

/** The plane (x + y) / 2 over [-1, 1]²; the noise is added to the target. Source: TensorFlow Playground, plane. */
export function plane(draw: DatasetArguments<"Plane">): Dataset {
  const random = source("Plane", draw);
  return measured(draw, () => {
    const [x, y] = [random.between(-1, 1), random.between(-1, 1)];
    return { input: [x, y], target: (x + y) / 2 + draw.noise * random.normal() };
  });
}

/** sin x for evenly spaced x in [-π, π); the noise is added to the target. */
export function sine(draw: DatasetArguments<"Sine">): Dataset {
  const random = source("Sine", draw);
  return measured(draw, (t) => {
    const x = Math.PI * (2 * t - 1);
    return { input: [x], target: Math.sin(x) + draw.noise * random.normal() };
  });
}

/** Samples class after class, as equally many of each as possible. `t` runs from 0 to 1 within a class. */
function classified(
  { samples }: { readonly samples: number },
  classes: number,
  point: (label: number, t: number, index: number, count: number) => readonly number[],
): Dataset {
  if (samples < classes) {
    throw new DataError(`${samples} samples cannot show ${classes} classes: each needs at least one`, "samples");
  }
  const inputs: number[] = [];
  const targets: number[] = [];
  checkSize(samples, 1);
  for (let label = 0; label < classes; label++) {
    const count = Math.floor((samples * (label + 1)) / classes) - Math.floor((samples * label) / classes);
    for (let index = 0; index < count; index++) {
      inputs.push(...point(label, count === 1 ? 0.5 : index / (count - 1), index, count));
      targets.push(label);
    }
  }
  const features = axes(inputs.length / samples);
  return {
    inputs: { shape: [samples, features.length], data: new Float64Array(inputs) },
    targets: { shape: [samples], data: new Float64Array(targets) },
    summary: {
      samples,
      inputShape: [features.length],
      targetShape: [],
      classes: Array.from({ length: classes }, (_, label) => String(label)),
      features,
    },
  };
}

/** Points with a number each. `t` runs from 0 up to, not including, 1. */
function measured(
  { samples }: { readonly samples: number },
  point: (t: number) => { readonly input: readonly number[]; readonly target: number },
): Dataset {
  checkSize(samples, 1);
  const points = Array.from({ length: samples }, (_, index) => point(index / samples));
  const features = axes(points[0]!.input.length);
  return {
    inputs: { shape: [samples, features.length], data: Float64Array.from(points.flatMap(({ input }) => input)) },
    targets: { shape: [samples], data: Float64Array.from(points, ({ target }) => target) },
    summary: { samples, inputShape: [features.length], targetShape: [], features },
  };
}

const mostNumbers = 10_000_000; // 80 MB; reading them takes a few seconds.

function checkSize(samples: number, features: number): void {
  if (samples * features > mostNumbers) {
    throw new DataError(`${samples} samples are too many: a data set may draw ${mostNumbers} numbers`, "samples");
  }
}

const axes = (count: number): string[] =>
  count <= 3 ? ["x", "y", "z"].slice(0, count) : Array.from({ length: count }, (_, axis) => `x${axis}`);

/** Random numbers of one data set. */
function source(name: string, { seed }: { readonly seed: number }) {
  const uniform = randomStream(seed, streamOf(name));
  return {
    between: (low: number, high: number) => low + (high - low) * uniform(),
    normal: () => normal(uniform),
  };
}
