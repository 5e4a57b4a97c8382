// The numbers of parameters that begin with a file: `param W: [2, 3] = "w.npy"`. They are read before anything runs.

import { join } from "node:path";
import { DataError, type FileReader } from "../data/dataset";
import { readNpy } from "../data/npy";
import { formatShape, sameShape } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { NumbersDescription } from "../protocol/data";
import type { Network, NumbersFile, Parameter } from "../protocol/network";

/** For one document. */
export class ParameterFiles {
  /** `ofDocument` is the folder of the file that is run; what it imports may lie elsewhere. */
  constructor(
    private readonly filesOf: (folder: string) => FileReader,
    private readonly ofDocument: string,
  ) {}

  /** The network with numbers where files were named. Throws DataError when a file cannot be read, or does not fit. */
  async read(network: Network): Promise<Network> {
    if (!network.parameters.some(({ initializer }) => initializer.kind === "file")) return network;
    const parameters = await Promise.all(
      network.parameters.map(async (parameter): Promise<Parameter> => {
        const { initializer } = parameter;
        if (initializer.kind !== "file") return parameter;
        return { ...parameter, initializer: { kind: "literal", data: await this.numbers(parameter, initializer) } };
      }),
    );
    return { ...network, parameters };
  }

  /** Changes whenever one of the network's files does. */
  async version({ parameters }: Network): Promise<string> {
    const files = parameters.flatMap(({ initializer }) => (initializer.kind === "file" ? [initializer] : []));
    return JSON.stringify(await Promise.all(files.map((file) => this.reader(file).version(file.path))));
  }

  /** What is known of a file once it is read, or why it cannot be. */
  async describe(file: NumbersFile): Promise<NumbersDescription> {
    try {
      const { shape } = await this.array(file);
      return { kind: "ready", shape };
    } catch (error) {
      if (error instanceof DataError) return { kind: "problem", message: error.message };
      throw error;
    }
  }

  private async numbers({ id, shape }: Parameter, file: NumbersFile): Promise<NdArray> {
    const array = await this.array(file);
    if (!sameShape(array.shape, shape)) {
      throw new DataError(
        `${id} is declared ${formatShape(shape)}, but the numbers in ${file.path} are ${formatShape(array.shape)}`,
      );
    }
    return array;
  }

  private async array(file: NumbersFile): Promise<NdArray> {
    const { path } = file;
    const { array } = readNpy(path, await this.reader(file).read(path, blamed), blamed);
    const position = array.data.findIndex((value) => !Number.isFinite(value));
    if (position < 0) return array;
    throw new DataError(`${path} holds a number that is none: number ${position} (from 0) is ${array.data[position]}`);
  }

  private reader({ folder }: NumbersFile): FileReader {
    return this.filesOf(folder === undefined ? this.ofDocument : join(this.ofDocument, folder));
  }
}

const blamed = "file"; // A parameter's file is no argument of a call: nobody asks which one is to blame.
