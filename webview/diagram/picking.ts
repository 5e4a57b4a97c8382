// The second node of a gesture that two nodes make.

import type { Diagram } from "./diagram-model";
import type { Tool } from "./editing-state";
import { type Asked, asked, connectionOf, inputEnd, namedBy, nodeOf } from "./gestures";

type Pick = Extract<Tool, { kind: "pick" }>;

export function picked(diagram: Diagram, { node, gesture }: Pick, id: string): Asked {
  if (gesture.kind === "connect") return connectionOf(diagram, node, id);
  const edge = inputEnd(diagram, node, gesture.input);
  const from = namedBy(diagram, id);
  if (edge.kind === "impossible") return edge;
  return typeof from === "string" ? asked({ kind: "rewire", edge, from }) : from;
}

export function pickingText(diagram: Diagram, { node, gesture }: Pick): string {
  const heading = nodeOf(diagram, node)?.heading ?? node;
  const count = nodeOf(diagram, node)?.inputCount ?? 1;
  const input = count > 1 && gesture.kind === "rewire" ? `input ${gesture.input + 1} of ` : "";
  const what =
    gesture.kind === "connect"
      ? `Choose the value that ${heading} is added to`
      : `Choose what ${input}${heading} is computed from`;
  const more = count > 1 && gesture.kind === "rewire" ? " R goes on to the next input." : "";
  return `${what}: arrow keys and Enter, or a click. Escape leaves it as it is.${more}`;
}
