// The numbers of a network's parameters, and where they begin.

import { initialize } from "../model/initializers";
import { randomStream, streamOf } from "../model/random";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";

/** Parameters by id; an update writes into their data. */
export type Weights = ReadonlyMap<ValueId, NdArray>;

/** Each parameter draws from a stream of its own name: another layer beside it does not change its numbers. */
export function freshWeights(network: Network, seed: number): Weights {
  return new Map(
    network.parameters.map(({ id, initializer, shape }) => {
      const { data } = initialize(initializer, shape, randomStream(seed, streamOf(id)));
      // A literal belongs to the Network: updates write into a copy.
      return [id, { shape, data: Float64Array.from(data) }];
    }),
  );
}
