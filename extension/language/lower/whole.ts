// What all bodies of one network share, and where one of them stands.

import type { BlockInstance, BlockUse } from "../../../engine/protocol/network";
import type { BlockSource, FileScope } from "./block";
import type { Scalar } from "./constants";
import type { Signature } from "./signature";
import type { ValueTable } from "./values";
import type { Weights } from "./weights";

/** What all bodies of one network share. */
export interface Whole {
  readonly network: string;
  readonly weights: Weights;
  readonly instances: BlockInstance[];
  /** Blocks with a use whose names have been noted. */
  readonly noted: Set<BlockSource>;
  /** Shared layers and blocks that are used, by whose parameters they have. */
  readonly applied: Set<string>;
  /** The uses of blocks so far, wherever they are. */
  uses: number;
  /** There are so many values that no more are made; it has been reported. */
  isFull: boolean;
}

/** Where a body stands. */
export interface Surroundings {
  readonly signature: Signature;
  readonly file: FileScope;
  readonly table: ValueTable;
  /** By name; undefined when not known. */
  readonly attributes: ReadonlyMap<string, Scalar | undefined>;
  readonly path: readonly BlockUse[];
  /** The blocks it is in, outermost first. */
  readonly stack: readonly BlockSource[];
  /** Of the expressions around. */
  readonly depth: number;
}
