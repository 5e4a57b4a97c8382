// A band's form → places, by elkjs in a worker, downwards. Forms have no names: equal ones are asked for once.

import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import { contracted } from "./chains";
import type { Size } from "./node-size";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface BandForm {
  readonly items: readonly FormItem[];
  readonly entries: number;
  readonly exits: number;
  readonly edges: readonly FormEdge[];
}

/** With the places of its ports, from its left: inputs on its upper side, outputs on its lower one. */
export interface FormItem extends Size {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Of an item an index and that of its port; of an entry or exit its index. */
export interface FormEdge {
  readonly source: { readonly item: number; readonly port: number } | { readonly entry: number };
  readonly target: { readonly item: number; readonly port: number } | { readonly exit: number };
}

export interface PlacedBand {
  readonly items: readonly Point[];
  /** In the order of the form's edges. */
  readonly routes: readonly (readonly Point[])[];
  /** Entries are at y = 0, exits at y = height. */
  readonly entries: readonly number[];
  readonly exits: readonly number[];
  readonly height: number;
}

/** From one node to what is computed from it, in pixels. */
export const layerGap = 28;

const mostKept = 500;

/** ELK takes a second for a thousand items. In a smaller band chains may go around what stands beside them. */
const mostSingleItems = 60;

export class BandLayouts {
  private readonly known = new Map<string, Promise<PlacedBand>>();

  constructor(private readonly elk: () => Promise<ELK>) {}

  place(form: BandForm): Promise<PlacedBand> | PlacedBand {
    const simple = inOneColumn(form);
    if (simple) return simple;
    const smaller = form.items.length > mostSingleItems ? contracted(form) : undefined;
    if (smaller) return Promise.resolve(this.place(smaller.form)).then(smaller.expand);
    const key = JSON.stringify(form);
    const known = this.known.get(key);
    // Used last, dropped last.
    if (known) this.known.delete(key);
    const placed = known ?? this.elk().then(async (elk) => placedBand(form, await elk.layout(elkGraph(form))));
    this.known.set(key, placed);
    placed.catch(() => this.known.delete(key));
    for (const oldest of this.known.keys()) {
      if (this.known.size <= mostKept) break;
      this.known.delete(oldest);
    }
    return placed;
  }
}

/** A single item with at most one edge above and one below: there is nothing to find out. */
function inOneColumn({ items, entries, exits, edges }: BandForm): PlacedBand | undefined {
  const [item] = items;
  if (item === undefined || items.length > 1 || entries > 1 || exits > 1 || edges.length !== entries + exits)
    return undefined;
  const into = edges.find(({ source, target }) => "entry" in source && "item" in target);
  const out = edges.find(({ source, target }) => "item" in source && "exit" in target);
  if ((entries === 1) !== (into !== undefined) || (exits === 1) !== (out !== undefined)) return undefined;
  const inX = into && "port" in into.target ? item.inputs[into.target.port]! : item.width / 2;
  const outX = out && "port" in out.source ? item.outputs[out.source.port]! : item.width / 2;
  const top = entries * layerGap;
  const bottom = top + item.height;
  const height = bottom + exits * layerGap;
  const routes = edges.map((edge) =>
    edge === into
      ? [
          { x: inX, y: 0 },
          { x: inX, y: top },
        ]
      : [
          { x: outX, y: bottom },
          { x: outX, y: height },
        ],
  );
  return { items: [{ x: 0, y: top }], routes, entries: into ? [inX] : [], exits: out ? [outX] : [], height };
}

const graphOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": `${layerGap}`,
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  // The order of the text decides between equals, so a small edit changes little.
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.separateConnectedComponents": "false",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};

function elkGraph({ items, entries, exits, edges }: BandForm): ElkNode {
  return {
    id: "band",
    layoutOptions: graphOptions,
    children: [
      ...numbers(entries).map((entry) => borderNode(`in${entry}`, "FIRST_SEPARATE")),
      ...items.map(elkNode),
      ...numbers(exits).map((exit) => borderNode(`out${exit}`, "LAST_SEPARATE")),
    ],
    edges: edges.map(
      ({ source, target }, index): ElkExtendedEdge => ({
        id: `${index}`,
        sources: ["item" in source ? `${source.item}>${source.port}` : `in${source.entry}`],
        targets: ["item" in target ? `${target.item}<${target.port}` : `out${target.exit}`],
      }),
    ),
  };
}

function elkNode({ width, height, inputs, outputs }: FormItem, index: number): ElkNode {
  const port = (id: string, x: number, y: number, side: string) => ({
    id,
    x,
    y,
    width: 0,
    height: 0,
    layoutOptions: { "elk.port.side": side },
  });
  return {
    id: `item${index}`,
    width,
    height,
    ports: [
      ...inputs.map((x, input) => port(`${index}<${input}`, x, 0, "NORTH")),
      ...outputs.map((x, output) => port(`${index}>${output}`, x, height, "SOUTH")),
    ],
    // What stands beside a branch that has grown stays where it is.
    layoutOptions: { "elk.portConstraints": "FIXED_POS", "elk.alignment": "TOP" },
  };
}

/** A node of no size, where edges cross the border of the band. */
function borderNode(id: string, layer: string): ElkNode {
  return { id, width: 0, height: 0, layoutOptions: { "elk.layered.layering.layerConstraint": layer } };
}

function placedBand(form: BandForm, { children = [], edges = [] }: ElkNode): PlacedBand {
  const places = new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  const place = (id: string): Point => places.get(id)!;
  const routes = new Map(
    edges.map(({ id, sections = [] }) => [
      id,
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    ]),
  );
  const top = form.entries > 0 ? place("in0").y : Math.min(...form.items.map((_, index) => place(`item${index}`).y));
  const bottoms = form.items.map(({ height }, index) => place(`item${index}`).y + height);
  const bottom = form.exits > 0 ? place("out0").y : Math.max(...bottoms);
  const lifted = ({ x, y }: Point): Point => ({ x, y: y - top });
  return {
    items: form.items.map((_, index) => lifted(place(`item${index}`))),
    routes: form.edges.map((_, index) => (routes.get(`${index}`) ?? []).map(lifted)),
    entries: numbers(form.entries).map((entry) => place(`in${entry}`).x),
    exits: numbers(form.exits).map((exit) => place(`out${exit}`).x),
    height: bottom - top,
  };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
