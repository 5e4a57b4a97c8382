// Where the arrow keys lead in a diagram: with the flow along edges, across it to what stands beside, into groups.

import type { Diagram } from "./diagram-model";
import type { Box, Placement } from "./layout";

export type Direction = "up" | "down" | "left" | "right" | "first" | "last";

export const directionOfKey: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
};

/** The node the key leads to, if there is one. */
export function neighbor(
  { diagram, placement }: { diagram: Diagram; placement: Placement },
  from: string,
  direction: Direction,
): string | undefined {
  if (placement.direction === "right") {
    const boxes = new Map([...placement.boxes].map(([id, box]) => [id, turned(box)]));
    return neighbor(
      { diagram, placement: { ...placement, boxes, direction: "down" } },
      from,
      turnedDirection[direction],
    );
  }
  const here = placement.boxes.get(from);
  if (!here) return undefined;
  if (direction === "down" && diagram.groups.some(({ id }) => id === from))
    return diagram.nodes.find(({ group }) => group === from)?.id;
  const nearest = (candidates: readonly string[]) => closest(candidates, here, placement);
  switch (direction) {
    case "up":
      return nearest(sourcesOf(diagram, from));
    case "down":
      return nearest(diagram.edges.filter(({ source }) => source === from).map(({ target }) => target));
    case "left":
      return nearest(beside(diagram, placement, here, (there) => center(there).x < center(here).x));
    case "right":
      return nearest(beside(diagram, placement, here, (there) => center(there).x > center(here).x));
    case "first":
      return diagram.nodes[0]?.id;
    case "last":
      return diagram.nodes.at(-1)?.id;
    default:
      return direction satisfies never;
  }
}

const turnedDirection: { readonly [D in Direction]: Direction } = {
  up: "left",
  left: "up",
  down: "right",
  right: "down",
  first: "first",
  last: "last",
};

function turned({ x, y, width, height }: Box): Box {
  return { x: y, y: x, width: height, height: width };
}

/** What a node is computed from; of a frame, what comes into it from outside. */
function sourcesOf({ edges, nodes, groups }: Diagram, id: string): readonly string[] {
  const around = new Map([
    ...groups.map((group) => [group.id, group.parent] as const),
    ...nodes.map((node) => [node.id, node.group] as const),
  ]);
  const isIn = (each: string | undefined): boolean => each !== undefined && (each === id || isIn(around.get(each)));
  return edges.filter(({ source, target }) => isIn(target) && !isIn(source)).map(({ source }) => source);
}

function beside(
  diagram: Diagram,
  placement: Placement,
  here: Box,
  onThatSide: (there: Box) => boolean,
): readonly string[] {
  const overlaps = (there: Box) => there.y < here.y + here.height && here.y < there.y + there.height;
  return diagram.nodes
    .map(({ id }) => id)
    .filter((id) => {
      const there = placement.boxes.get(id);
      return there !== undefined && there !== here && overlaps(there) && onThatSide(there);
    });
}

function closest(candidates: readonly string[], here: Box, placement: Placement): string | undefined {
  const distance = (id: string) => {
    const there = placement.boxes.get(id);
    if (!there) return Number.POSITIVE_INFINITY;
    return Math.hypot(center(there).x - center(here).x, center(there).y - center(here).y);
  };
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0];
}

function center({ x, y, width, height }: Box) {
  return { x: x + width / 2, y: y + height / 2 };
}
