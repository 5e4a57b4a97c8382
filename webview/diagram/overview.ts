// From so far away that no word can be read nodes are plain boxes in the colors of their kinds, and edges plain lines: a view
// of a thousand of them follows the hand.

import { useStore } from "@xyflow/react";

/** Texts are 12 pixels high at natural size: less than 5 are not read. */
const smallestLegible = 0.4;

/** Another answer only when the zoom goes over the border. */
export function useOverview(): boolean {
  return useStore(({ transform: [, , zoom] }) => zoom < smallestLegible);
}
