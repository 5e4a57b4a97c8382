// Data sets already read, so that describing one and training on it read it once.

import { join } from "node:path";
import type { Dataset, FileReader } from "../data/dataset";
import { filesRead, readDataset } from "../data/readers";
import type { DataDeclaration } from "../protocol/network";

const most = 8; // Data sets kept at once.

export class DataCache {
  /** Most recently used last. */
  private readonly entries = new Map<string, Promise<Dataset>>();

  constructor(private readonly filesOf: (folder: string) => FileReader) {}

  /**
   * `ofDocument` is the folder of the file that is run; data it imports may lie elsewhere. Reads again when a file has
   * changed. Throws DataError when the data cannot be used.
   */
  async get({ source, folder: below }: DataDeclaration, ofDocument: string): Promise<Dataset> {
    const folder = below === undefined ? ofDocument : join(ofDocument, below);
    const files = this.filesOf(folder);
    const versions = await Promise.all(filesRead(source).map((path) => files.version(path)));
    const key = JSON.stringify([source, versions.length > 0 ? [folder, versions] : []], writeArrays);
    const known = this.entries.get(key);
    const dataset = known ?? readDataset(source, files);
    this.entries.delete(key);
    this.entries.set(key, dataset);
    // What failed is tried anew: a file may have come back with the same time.
    if (!known) dataset.catch(() => this.entries.delete(key));
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= most) break;
      this.entries.delete(oldest);
    }
    return dataset;
  }
}

const writeArrays = (_: string, value: unknown): unknown => (value instanceof Float64Array ? [...value] : value);
