// Whether a network can run at all: one whose text has errors lacks values or shapes.

import { DataError } from "../data/dataset";
import type { Network } from "../protocol/network";

/** Throws DataError when the network has errors. */
export function expectComplete(network: Network): void {
  const reason = reasonIncomplete(network);
  if (reason !== undefined) throw new DataError(reason);
}

/** Why the network cannot run; undefined when it can. */
export function reasonIncomplete({ name, complete }: Network): string | undefined {
  return complete ? undefined : `${name} has errors and cannot run until they are mended`;
}
