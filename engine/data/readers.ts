// One reader for each data source of the language: Call → Dataset.

import type { DatasetArguments, DatasetName } from "../model/datasets";
import { datasetArguments, isDatasetName } from "../model/datasets";
import type { Call } from "../protocol/catalog";
import type { DataDescription } from "../protocol/data";
import { readCsv } from "./csv";
import { DataError, type Dataset, type FileReader } from "./dataset";
import { blobs, circles, moons, plane, sine, spiral, xor } from "./synthetic";
import { table } from "./table";

type Reader<Name extends DatasetName> = (args: DatasetArguments<Name>, files: FileReader) => Dataset | Promise<Dataset>;

const readers: { readonly [Name in DatasetName]: Reader<Name> } = {
  Csv: async (args, files) => readCsv(args.file, await files.read(args.file), args),
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

/** The files a source is read from, to notice when they change. */
export function filesRead(source: Call): string[] {
  const { file } = source.arguments;
  return typeof file === "string" ? [file] : [];
}

/** What `read` gives, or why it gives nothing. Throws what is not about the data. */
export async function describe(read: () => Promise<Dataset>): Promise<DataDescription> {
  try {
    return { kind: "ready", summary: (await read()).summary };
  } catch (error) {
    if (error instanceof DataError) return { kind: "problem", problem: error.problem() };
    throw error;
  }
}
