// Escape leads from every other part of the panel back to the diagram, to the node where the keyboard was.

import type { KeyboardEvent } from "react";

export function backToDiagram(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape" || event.defaultPrevented || !(event.target instanceof Element)) return;
  // An open list closes first; in the diagram itself Escape ends what is being done there.
  if (event.target.closest("vscode-dropdown[open], .diagram-and-palette")) return;
  const node = event.currentTarget.querySelector<HTMLElement>('.react-flow__node[tabindex="0"]');
  if (!node) return;
  event.preventDefault();
  node.focus();
}
