// The nodes that a gesture needs besides the first one.

import type { Diagram } from "./diagram-model";
import type { PickTool } from "./editing-state";
import {
  asked,
  type Begun,
  connectionOf,
  deletionFor,
  headingOf,
  inputEnd,
  insertionWith,
  namedBy,
  nodeOf,
} from "./gestures";

/** What the gesture is once a node is chosen. */
export function picked(diagram: Diagram, { node, gesture }: PickTool, id: string): Begun {
  if (gesture.kind === "connect") return connectionOf(diagram, node, id);
  if (gesture.kind === "delete") return deletionFor(diagram, node, id);
  const value = namedBy(diagram, id);
  if (gesture.kind === "insert") {
    if (typeof value !== "string") return value;
    const { before, behind } = gesture.others;
    return insertionWith(gesture.entry, gesture.at, node, { before, behind: [...behind, value] });
  }
  const edge = inputEnd(diagram, node, gesture.input);
  if (edge.kind === "impossible") return edge;
  return typeof value === "string" ? asked({ kind: "rewire", edge, from: value }) : value;
}

export function pickingText(diagram: Diagram, { node, gesture }: PickTool): string {
  const how = "arrow keys and Enter, or a click. Escape leaves it as it is.";
  const heading = headingOf(diagram, node);
  switch (gesture.kind) {
    case "connect":
      return `Choose the value that ${heading} is added to: ${how}`;
    case "delete":
      return `Choose which of its inputs takes the place of ${heading}: ${how}`;
    case "insert": {
      const { call, inputs } = gesture.entry;
      const count = gesture.others.before.length + gesture.others.behind.length + 1;
      const which = inputs.max === inputs.min ? `value ${count + 1} of ${inputs.min}` : "another value";
      return `Choose ${which} for ${call.name}, besides ${heading}: ${how}`;
    }
    case "rewire": {
      const count = nodeOf(diagram, node)?.inputCount ?? 1;
      const input = count > 1 ? `input ${gesture.input + 1} of ` : "";
      const more = count > 1 ? " R goes on to the next input." : "";
      return `Choose what ${input}${heading} is computed from: ${how}${more}`;
    }
    default:
      return gesture satisfies never;
  }
}
