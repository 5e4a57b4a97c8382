// What a data set is once it is read, and what reading needs from outside.

import type { NdArray } from "../protocol/array";
import type { DataProblem, DataSummary } from "../protocol/data";

/** All samples of a data set. */
export interface Dataset {
  /** `[samples, …summary.inputShape]` */
  readonly inputs: NdArray;
  /** `[samples, …summary.targetShape]`; a class is its index. */
  readonly targets: NdArray;
  readonly summary: DataSummary;
}

/** The files a data source may read; paths are relative to the folder of the `.nnet` file. */
export interface FileReader {
  /**
   * The bytes of a file, decompressed if it is gzipped. Throws DataError, blaming the source's `argument`, when it cannot
   * be read.
   */
  read(path: string, argument: string): Promise<Uint8Array>;
  /** Changes whenever the file does; undefined when there is no such file. */
  version(path: string): Promise<string | undefined>;
}

/** Why a data set cannot be used, in its user's words. `argument` is the source's argument to blame. */
export class DataError extends Error {
  constructor(
    message: string,
    readonly argument?: string,
  ) {
    super(message);
    this.name = "DataError";
  }

  problem(): DataProblem {
    return this.argument === undefined ? { message: this.message } : { message: this.message, argument: this.argument };
  }
}
