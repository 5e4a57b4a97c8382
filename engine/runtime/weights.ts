// The numbers of a network's parameters, and where they begin.

import { initialize } from "../model/initializers";
import { randomStream, streamOf } from "../model/random";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";
import { expectRoomForWeights } from "./room";

/** Parameters by id; an update writes into their data. */
export type Weights = ReadonlyMap<ValueId, NdArray>;

/**
 * Of a network whose files are read. Each parameter draws from a stream of its own name: another layer beside it does not
 * change its numbers. Throws DataError when the machine has not the memory.
 */
export function freshWeights(network: Network, seed: number): Weights {
  expectRoomForWeights(network, "float64");
  return new Map(
    network.parameters.map(({ id, initializer, shape }) => [
      id,
      initialize(initializer, shape, randomStream(seed, streamOf(id))),
    ]),
  );
}
