// One reader for each data source of the language: Call → Dataset.

import type { DatasetArguments, DatasetName } from "../model/datasets";
import { datasetArguments, fileArguments, isDatasetName } from "../model/datasets";
import type { Call } from "../protocol/catalog";
import type { DataDescription, NumberRange } from "../protocol/data";
import { readCsv } from "./csv";
import { DataError, type Dataset, type FileReader } from "./dataset";
import { readIdx } from "./idx";
import { readJson } from "./json";
import { readNpy } from "./npy";
import { readNpz } from "./npz";
import { datasetOf } from "./samples";
import { blobs, circles, moons, plane, sine, spiral, xor } from "./synthetic";
import { table } from "./table";

type Reader<Name extends DatasetName> = (args: DatasetArguments<Name>, files: FileReader) => Dataset | Promise<Dataset>;

const readers: { readonly [Name in DatasetName]: Reader<Name> } = {
  Csv: async (args, files) => readCsv(args.file, await files.read(args.file, "file"), args),
  Idx: async (args, files) => {
    const [images, labels] = await both(files.read(args.images, "images"), files.read(args.labels, "labels"));
    return datasetOf(
      { ...readIdx(args.images, images, "images"), isImages: true },
      readIdx(args.labels, labels, "labels"),
      args,
    );
  },
  Npy: async (args, files) => {
    const [inputs, targets] = await both(files.read(args.inputs, "inputs"), files.read(args.targets, "targets"));
    return datasetOf(readNpy(args.inputs, inputs, "inputs"), readNpy(args.targets, targets, "targets"), args);
  },
  Npz: async (args, files) => {
    const arrays = readNpz(args.file, await files.read(args.file, "file"), args);
    return datasetOf(arrays.inputs, arrays.targets, args);
  },
  Json: async (args, files) => readJson(args.file, await files.read(args.file, "file"), args),
  Table: ({ inputs, targets }) => table(inputs, targets),
  Spiral: spiral,
  Moons: moons,
  Circles: circles,
  Blobs: blobs,
  Xor: xor,
  Plane: plane,
  Sine: sine,
};

/** Throws DataError when the source cannot be used. */
export async function readDataset(source: Call, files: FileReader): Promise<Dataset> {
  if (!isDatasetName(source.name)) throw new DataError(`${source.name} is not a data source that can be read`);
  return read(source.name, source, files);
}

async function read<Name extends DatasetName>(name: Name, source: Call, files: FileReader): Promise<Dataset> {
  // The table is indexed by the same name that types the arguments.
  const reader = readers[name] as Reader<Name>;
  return reader(datasetArguments(name, source.arguments), files);
}

/** Read at the same time. When neither can be read, the first is blamed, whichever failed earlier. */
async function both(first: Promise<Uint8Array>, second: Promise<Uint8Array>): Promise<[Uint8Array, Uint8Array]> {
  second.catch(() => {}); // It is awaited below; until then nobody else may take its failure for unhandled.
  return [await first, await second];
}

/** The files a source is read from, to notice when they change. */
export function filesRead(source: Call): string[] {
  if (!isDatasetName(source.name)) return [];
  return fileArguments(source.name).flatMap((argument) => {
    const path = source.arguments[argument];
    return typeof path === "string" ? [path] : [];
  });
}

/** What `read` gives, or why it gives nothing. Throws what is not about the data. */
export async function describe(read: () => Promise<Dataset>): Promise<DataDescription> {
  try {
    const { summary, inputs, targets } = await read();
    const ranges = { inputRange: rangeOf(inputs.data), targetRange: rangeOf(targets.data) };
    return { kind: "ready", summary: { ...summary, ...ranges } };
  } catch (error) {
    if (error instanceof DataError) return { kind: "problem", problem: error.problem() };
    throw error;
  }
}

/** NaN does not count: readers refuse it. */
function rangeOf(data: Float64Array): NumberRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
