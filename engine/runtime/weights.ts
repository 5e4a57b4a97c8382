// The numbers of a network's parameters, and where they begin.

import { DataError } from "../data/dataset";
import { initialize } from "../model/initializers";
import { randomStream, streamOf } from "../model/random";
import { sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";

/** Parameters by id; an update writes into their data. */
export type Weights = ReadonlyMap<ValueId, NdArray>;

const mostNumbers = 100_000_000; // 800 MB; with its gradient and Adam's two moments 3.2 GB.

/** Of a network whose files are read. Throws DataError for more numbers than fit. Each parameter draws from a stream of its own name: another layer beside it does not change its numbers. */
export function freshWeights(network: Network, seed: number): Weights {
  const numbers = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (numbers > mostNumbers) {
    throw new DataError(
      `${network.name} has ${numbers} parameters, and ${mostNumbers} fit here: make its layers smaller`,
    );
  }
  return new Map(
    network.parameters.map(({ id, initializer, shape }) => {
      const { data } = initialize(initializer, shape, randomStream(seed, streamOf(id)));
      // A literal belongs to the Network: updates write into a copy.
      return [id, { shape, data: Float64Array.from(data) }];
    }),
  );
}
