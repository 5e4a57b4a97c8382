// Says what width and colour of the edges mean, while there are gradients.

import { useState } from "react";
import { useSelected } from "../store";
import { bands } from "./edge-scale";

export function EdgeLegend() {
  const live = useSelected(({ live }) => live.snapshot !== undefined);
  const [open, setOpen] = useState(false);
  if (!live) return null;
  return (
    <details className="edge-legend" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Gradients</summary>
      <p>Width and color of an edge: ‖∇‖ by the norm of the weights it meets; without weights, by that of the value.</p>
      <ul>
        {bands.map(({ name, width, words }) => (
          <li key={name}>
            <svg className={`route gradient-${name}`} viewBox="0 0 24 8" aria-hidden="true">
              <path className="route-line" d="M0 4H24" style={{ strokeWidth: width }} />
            </svg>
            {words}
          </li>
        ))}
      </ul>
    </details>
  );
}
