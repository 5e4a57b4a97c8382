// How the keyboard comes back to the diagram, to the node where it was: by Escape from every other part of the panel, and
// from the text.

import type { KeyboardEvent } from "react";

export function backToDiagram(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape" || event.defaultPrevented || !(event.target instanceof Element)) return;
  // An open list closes first; in the diagram itself Escape ends what is being done there.
  if (event.target.closest("vscode-dropdown[open], .diagram-and-palette")) return;
  const node = tabStop(event.currentTarget);
  if (!node) return;
  event.preventDefault();
  node.focus();
}

/** To what had it last in the page; to the node where it would be if that is gone. */
export function takeKeyboard(): void {
  window.focus();
  if (document.activeElement === document.body) tabStop(document.body)?.focus();
}

/** A node, or of a large diagram the list of them, which gives the keyboard to one. */
function tabStop(within: HTMLElement): HTMLElement | null {
  return within.querySelector<HTMLElement>(':is(.react-flow__node, .react-flow__nodes)[tabindex="0"]');
}
