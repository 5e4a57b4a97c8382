// What is chosen while one more node is picked, and whether the one under the pointer or the keyboard would fit.

import { Icon } from "../controls";
import type { PickTool } from "./editing-state";
import { useEditor } from "./editor";
import { headingOf } from "./gestures";
import { picked, pickingText } from "./picking";
import { useVerdict } from "./use-verdict";

export function PickMessage({ tool }: { readonly tool: PickTool }) {
  const { diagram } = useEditor();
  const { over } = tool;
  const begun = over === undefined ? undefined : picked(diagram, tool, over);
  const foretold = useVerdict(begun?.kind === "gesture" ? begun.gesture : undefined);
  const verdict = begun?.kind === "impossible" ? { fits: false, text: begun.message } : foretold;
  const heading = over === undefined ? "" : headingOf(diagram, over);
  const isProblem = verdict !== undefined && !verdict.fits;
  return (
    <div className={`edit-message edit-message-${isProblem ? "warning" : "info"}`}>
      <Icon name={isProblem ? "warning" : "info"} />
      <div>
        {pickingText(diagram, tool)}
        <div className={`verdict${isProblem ? " is-problem" : ""}`} role="status">
          {verdict && `${heading}: ${verdict.text}`}
        </div>
      </div>
    </div>
  );
}
