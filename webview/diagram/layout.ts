// Diagram and sizes → positions and edge routes: groups from the inside out, each level band by band, layers downwards or
// rightwards, inputs in order. Everything is computed downwards; rightwards is its mirror image.

import ELK, { type ELK as Elk } from "elkjs/lib/elk-api";
import type { FlowDirection } from "../../engine/protocol/editing";
import { type BandForm, BandLayouts, type FormEdge, type FormItem, type Point } from "./band-layout";
import { type Band, bandsOf, keyOf, type Source, sourceOf } from "./bands";
import type { Diagram } from "./diagram-model";
import { type Level, type LevelItem, levelsOf, type Piece } from "./levels";
import type { Size } from "./node-size";

export type { Point } from "./band-layout";

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Placement {
  /** Of nodes and groups. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** From source to target by edge id, bends included. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  /** Around all of it. The origin is where the first node begins, in its middle, so that it stays put when others come and go. */
  readonly bounds: Box;
  readonly direction: FlowDirection;
}

export interface LayoutEngine {
  /** `sizes` are those of nodes, and of groups that of their titles. */
  readonly place: (
    diagram: Diagram,
    sizes: ReadonlyMap<string, Size>,
    options: { readonly direction: FlowDirection },
  ) => Promise<Placement>;
}

/**
 * An engine whose worker starts at once, so that it is there when the first diagram comes.
 * The worker runs from a blob: a webview's origin differs from that of its resources, so it cannot be started by address.
 */
export function createLayoutEngine(workerUrl: string): LayoutEngine {
  let started = startElk(workerUrl);
  started.catch(() => undefined); // Whoever asks for a layout hears of it.
  const elk = () =>
    started.catch(() => {
      started = startElk(workerUrl);
      return started;
    });
  return layoutEngine(elk);
}

export function layoutEngine(elk: () => Promise<Elk>): LayoutEngine {
  const layouts = new BandLayouts(elk);
  return {
    place: async (diagram, sizes, { direction }) => {
      const { top, pieces } = levelsOf(diagram);
      const inFrame = direction === "down" ? sizes : new Map([...sizes].map(([id, size]) => [id, turnedSize(size)]));
      const placed = await placeLevel(top, { sizes: inFrame, insets: insets[direction], layouts });
      return placementOf(diagram, { placed, pieces, direction });
    },
  };
}

async function startElk(workerUrl: string): Promise<Elk> {
  const response = await fetch(workerUrl).catch(() => undefined);
  if (!response?.ok)
    throw new Error(`its code could not be loaded from ${workerUrl}. Close the diagram and open it again.`);
  const code = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  return new ELK({ workerFactory: () => new Worker(code) });
}

/** From a group's border to what is in it: where the flow begins, where it ends, and beside it. */
interface Insets {
  readonly before: number;
  readonly behind: number;
  readonly left: number;
  readonly right: number;
}

/** The title is above; diagram.css names its height. */
export const groupTitleHeight = 26;

const groupPadding = 14;

const insets: { readonly [D in FlowDirection]: Insets } = {
  down: { before: groupTitleHeight, behind: 4, left: groupPadding, right: groupPadding },
  right: { before: groupPadding, behind: groupPadding, left: groupTitleHeight + 6, right: groupPadding },
};

interface Frame {
  readonly sizes: ReadonlyMap<string, Size>;
  readonly insets: Insets;
  readonly layouts: BandLayouts;
}

/** From its upper left. */
interface PlacedLevel extends Size {
  readonly level: Level;
  readonly items: ReadonlyMap<string, Box>;
  readonly inner: ReadonlyMap<string, PlacedLevel>;
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  /** x of each border port; entries are at the top, exits at the bottom. */
  readonly entries: ReadonlyMap<string, number>;
  readonly exits: ReadonlyMap<string, number>;
}

async function placeLevel(level: Level, frame: Frame): Promise<PlacedLevel> {
  const groups = level.items.filter((item) => item.kind === "group");
  const inner = new Map(
    await Promise.all(groups.map(async ({ id, level: inside }) => [id, await placeLevel(inside, frame)] as const)),
  );
  const shapes = new Map(level.items.map((item) => [item.id, shapeOf(item, inner, frame)]));
  const bands = bandsOf(level);
  const placedBands = await Promise.all(bands.map((band) => frame.layouts.place(formOf(band, shapes))));

  const items = new Map<string, Box>();
  const routes = new Map<string, readonly Point[]>();
  const entries = new Map<string, number>();
  const exits = new Map<string, number>();
  let y = 0;
  for (const [index, band] of bands.entries()) {
    const placed = placedBands[index]!;
    const isFirst = index === 0;
    const dx = isFirst ? 0 : shiftOf(band, placed.entries[0], items, shapes);
    if (!isFirst && band.entries.length === 0) y += detachedGap;
    for (const [position, { id }] of band.items.entries()) {
      const { width, height } = shapes.get(id)!;
      const at = placed.items[position]!;
      items.set(id, { x: at.x + dx, y: at.y + y, width, height });
    }
    for (const [position, edge] of band.edges.entries()) {
      const route = placed.routes[position]!;
      routes.set(
        edge.id,
        route.map((point) => ({ x: point.x + dx, y: point.y + y })),
      );
    }
    if (isFirst)
      for (const [position, { port }] of band.entries.entries()) entries.set(port, placed.entries[position]! + dx);
    for (const [position, port] of band.exits.entries()) exits.set(port, placed.exits[position]! + dx);
    y += placed.height;
  }
  return toOrigin({ level, items, inner, routes, entries, exits, height: y, width: 0 });
}

/** Between parts of a network that have nothing to do with each other. */
const detachedGap = 48;

interface ItemShape extends FormItem {
  readonly inputPorts: ReadonlyMap<string, number>;
  readonly outputPorts: ReadonlyMap<string, number>;
}

function shapeOf(item: LevelItem, inner: ReadonlyMap<string, PlacedLevel>, { sizes, insets }: Frame): ItemShape {
  const size = sizes.get(item.id);
  if (!size) throw new Error(`The node ${item.id} has no size.`);
  if (item.kind === "node") {
    const { width, height } = size;
    const inputs = Array.from({ length: item.inputs }, (_, input) => (width * (input + 1)) / (item.inputs + 1));
    const inputPorts = new Map(inputs.map((_, input) => [`${input}`, input]));
    return { width, height, inputs, outputs: [width / 2], inputPorts, outputPorts: new Map([[item.id, 0]]) };
  }
  const placed = inner.get(item.id)!;
  const width = Math.max(size.width, insets.left + placed.width + insets.right);
  const height = Math.max(size.height, insets.before + placed.height + insets.behind);
  const ports = (places: ReadonlyMap<string, number>) => ({
    x: [...places.values()].map((x) => insets.left + x),
    index: new Map([...places.keys()].map((port, index) => [port, index])),
  });
  const [above, below] = [ports(placed.entries), ports(placed.exits)];
  return { width, height, inputs: above.x, outputs: below.x, inputPorts: above.index, outputPorts: below.index };
}

function formOf({ items, edges, entries, exits }: Band, shapes: ReadonlyMap<string, ItemShape>): BandForm {
  const position = new Map(items.map(({ id }, index) => [id, index]));
  const entry = new Map(entries.map((source, index) => [keyOf(source), index]));
  return {
    items: items.map(({ id }) => {
      const { width, height, inputs, outputs } = shapes.get(id)!;
      return { width, height, inputs, outputs };
    }),
    entries: entries.length,
    exits: exits.length,
    edges: edges.map((edge): FormEdge => {
      const { target } = edge;
      const source = sourceOf(edge);
      const from = entry.get(keyOf(source));
      return {
        source:
          from === undefined
            ? { item: position.get(source.item!)!, port: shapes.get(source.item!)!.outputPorts.get(source.port) ?? 0 }
            : { entry: from },
        target:
          target.kind === "border"
            ? { exit: exits.indexOf(target.port) }
            : { item: position.get(target.item)!, port: shapes.get(target.item)!.inputPorts.get(target.port) ?? 0 },
      };
    }),
  };
}

/** What puts a band's only entry under the output it comes from. */
function shiftOf(
  { entries: [source], items: [first] }: Band,
  entryX: number | undefined,
  items: ReadonlyMap<string, Box>,
  shapes: ReadonlyMap<string, ItemShape>,
): number {
  if (source?.item === undefined || entryX === undefined) return first ? -shapes.get(first.id)!.width / 2 : 0;
  return outputX(source, items, shapes) - entryX;
}

function outputX(
  { item, port }: Source,
  items: ReadonlyMap<string, Box>,
  shapes: ReadonlyMap<string, ItemShape>,
): number {
  const { outputs, outputPorts } = shapes.get(item!)!;
  return items.get(item!)!.x + outputs[outputPorts.get(port) ?? 0]!;
}

/** Moved so that it begins at x = 0, with its width. */
function toOrigin(placed: PlacedLevel): PlacedLevel {
  const boxes = [...placed.items.values()];
  const points = [...placed.routes.values()].flat();
  const left = Math.min(...boxes.map(({ x }) => x), ...points.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width), ...points.map(({ x }) => x));
  const shifted = (places: ReadonlyMap<string, number>) => new Map([...places].map(([port, x]) => [port, x - left]));
  return {
    ...placed,
    width: right - left,
    items: new Map([...placed.items].map(([id, box]) => [id, { ...box, x: box.x - left }])),
    routes: new Map([...placed.routes].map(([id, route]) => [id, route.map(({ x, y }) => ({ x: x - left, y }))])),
    entries: shifted(placed.entries),
    exits: shifted(placed.exits),
  };
}

interface Placed {
  readonly placed: PlacedLevel;
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
  readonly direction: FlowDirection;
}

function placementOf(diagram: Diagram, { placed, pieces, direction }: Placed): Placement {
  const boxes = new Map<string, Box>();
  const contents = new Map<Level, { readonly placed: PlacedLevel; readonly at: Point }>();
  const put = (level: PlacedLevel, at: Point): void => {
    contents.set(level.level, { placed: level, at });
    for (const [id, box] of level.items) {
      const there = { ...box, x: at.x + box.x, y: at.y + box.y };
      boxes.set(id, there);
      const inside = level.inner.get(id);
      const { left, before } = insets[direction];
      if (inside) put(inside, { x: there.x + left, y: there.y + before });
    }
  };
  put(placed, { x: 0, y: 0 });
  const routes = new Map<string, readonly Point[]>();
  for (const { id } of diagram.edges) {
    const points = (pieces.get(id) ?? []).flatMap(({ level, edge }) => {
      const content = contents.get(level)!;
      const route = content.placed.routes.get(edge) ?? [];
      return route.map(({ x, y }) => ({ x: x + content.at.x, y: y + content.at.y }));
    });
    routes.set(id, points);
  }
  const first = diagram.nodes[0] && boxes.get(diagram.nodes[0].id);
  const origin = first ? { x: first.x + first.width / 2, y: first.y } : { x: 0, y: 0 };
  const finish = direction === "down" ? (point: Point) => point : ({ x, y }: Point) => ({ x: y, y: x });
  const moved = ({ x, y }: Point): Point => finish({ x: x - origin.x, y: y - origin.y });
  const movedBox = (box: Box): Box => {
    const size = direction === "down" ? box : turnedSize(box);
    return { ...moved(box), width: size.width, height: size.height };
  };
  return {
    boxes: new Map([...boxes].map(([id, box]) => [id, movedBox(box)])),
    routes: new Map([...routes].map(([id, route]) => [id, withoutRepeats(route.map(moved))])),
    bounds: movedBox({ x: 0, y: 0, width: placed.width, height: placed.height }),
    direction,
  };
}

/** Pieces meet in one point, mostly in the middle of a straight line. */
function withoutRepeats(route: readonly Point[]): readonly Point[] {
  return route.filter((point, index) => {
    const before = route[index - 1];
    const after = route[index + 1];
    if (before === undefined || after === undefined) return true;
    const vertical = near(before.x, point.x) && near(point.x, after.x);
    const horizontal = near(before.y, point.y) && near(point.y, after.y);
    return !vertical && !horizontal;
  });
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.01;
}

function turnedSize({ width, height }: Size): Size {
  return { width: height, height: width };
}
