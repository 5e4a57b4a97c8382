// The toolbar's buttons for the diagram itself: what can be put into it, which way it flows, a picture of it.

import { IconButton } from "../controls";
import { useSelected, useSession } from "../store";
import type { EditingAction } from "./editing-state";

export function DiagramButtons() {
  const { palette, direction } = useSelected(({ editing }) => editing.arrangement);
  const { store } = useSession();
  const change = (action: EditingAction) => store.dispatch({ kind: "editing", action });
  const other = direction === "down" ? "right" : "down";
  return (
    <>
      <IconButton
        icon="add"
        label={palette ? "Hide palette" : "Show palette"}
        hint={`${palette ? "Hide" : "Show"} what can be put into the network (I)`}
        on={palette}
        onPress={() => change({ kind: "arrange", change: { palette: !palette } })}
      />
      <IconButton
        icon={direction === "down" ? "arrow-right" : "arrow-down"}
        label={direction === "down" ? "Draw rightwards" : "Draw downwards"}
        onPress={() => change({ kind: "arrange", change: { direction: other } })}
      />
      <IconButton
        icon="file-media"
        label="Export diagram as SVG"
        hint='Export as SVG; "nnet: Export Diagram as PNG" is in the Command Palette'
        onPress={() => store.dispatch({ kind: "command", command: "exportSvg" })}
      />
    </>
  );
}
