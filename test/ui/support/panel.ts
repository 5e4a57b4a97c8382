// What a person points at in the diagram's panel.

import type { FrameLocator, Locator } from "playwright-core";

/** The node of the diagram that this stands on. */
export function nodeNamed(panel: FrameLocator, name: string): Locator {
  return panel
    .locator(".react-flow__node")
    .filter({ has: panel.getByText(name, { exact: true }) })
    .first();
}
