// A large band → the same with its chains as single items. What only follows one another needs no layout: a thousand layers in
// four branches are four items to ELK.

import { type BandForm, type FormEdge, type FormItem, layerGap, type PlacedBand, type Point } from "./band-layout";

export interface Contracted {
  readonly form: BandForm;
  /** The places of all items, from those of the contracted ones. */
  readonly expand: (placed: PlacedBand) => PlacedBand;
}

/** Items that follow one another, and where they stand in the one that they become. */
interface Chain extends FormItem {
  readonly members: readonly number[];
  readonly places: readonly Point[];
}

/** Undefined when nothing follows one another alone. */
export function contracted(form: BandForm): Contracted | undefined {
  const out = edgesOut(form);
  const chains = membersOf(form, out).map((members) => chainOf(members, form, out));
  if (chains.length === form.items.length) return undefined;
  const chainAt = new Map(chains.flatMap(({ members }, chain) => members.map((member) => [member, chain] as const)));
  const localPlace = new Map(
    chains.flatMap(({ members, places }) => members.map((member, at) => [member, places[at]!])),
  );
  const isInner = ({ source, target }: FormEdge): boolean =>
    "item" in source && "item" in target && chainAt.get(source.item) === chainAt.get(target.item);
  const outer = form.edges.filter((edge) => !isInner(edge));
  const edges = outer.map(
    ({ source, target }): FormEdge => ({
      source: "item" in source ? { ...source, item: chainAt.get(source.item)! } : source,
      target: "item" in target ? { ...target, item: chainAt.get(target.item)! } : target,
    }),
  );
  const items = chains.map(({ width, height, inputs, outputs }) => ({ width, height, inputs, outputs }));
  return {
    form: { ...form, items, edges },
    expand: (placed) => {
      const places = form.items.map((_, item): Point => {
        const chain = chainAt.get(item)!;
        const at = placed.items[chain]!;
        const local = localPlace.get(item)!;
        return { x: at.x + local.x, y: at.y + local.y };
      });
      const routeOf = new Map(outer.map((edge, index) => [edge, placed.routes[index]!]));
      const routes = form.edges.map((edge) => routeOf.get(edge) ?? straight(edge, form, places));
      return { ...placed, items: places, routes };
    },
  };
}

/** By the item they begin at. */
type EdgesOut = ReadonlyMap<number, readonly FormEdge[]>;

function edgesOut({ edges }: BandForm): EdgesOut {
  const outOf = new Map<number, FormEdge[]>();
  for (const edge of edges) {
    if (!("item" in edge.source)) continue;
    const known = outOf.get(edge.source.item);
    if (known) known.push(edge);
    else outOf.set(edge.source.item, [edge]);
  }
  return outOf;
}

/** In the order of their first members. */
function membersOf({ items, edges }: BandForm, outOf: EdgesOut): readonly (readonly number[])[] {
  const into = new Map<number, number>();
  for (const { target } of edges) if ("item" in target) into.set(target.item, (into.get(target.item) ?? 0) + 1);
  const nextOf = (item: number): number | undefined => {
    const [edge, another] = outOf.get(item) ?? [];
    if (edge === undefined || another !== undefined || !("item" in edge.target)) return undefined;
    return into.get(edge.target.item) === 1 ? edge.target.item : undefined;
  };
  const followers = new Set(items.flatMap((_, item) => nextOf(item) ?? []));
  return items.flatMap((_, first) => {
    if (followers.has(first)) return [];
    const members = [first];
    for (let next = nextOf(first); next !== undefined; next = nextOf(next)) members.push(next);
    return [members];
  });
}

/** Each under the output of the one before. */
function chainOf(members: readonly number[], { items }: BandForm, outOf: EdgesOut): Chain {
  const places: Point[] = [];
  let bottom = 0;
  for (const [index, member] of members.entries()) {
    const before = members[index - 1];
    // Who is followed has no other edge.
    const edge = before === undefined ? undefined : outOf.get(before)?.[0];
    const above = edge && "port" in edge.source ? places[index - 1]!.x + items[before!]!.outputs[edge.source.port]! : 0;
    const own = edge && "port" in edge.target ? items[member]!.inputs[edge.target.port]! : 0;
    const y = index === 0 ? 0 : bottom + layerGap;
    places.push({ x: above - own, y });
    bottom = y + items[member]!.height;
  }
  const left = Math.min(...places.map(({ x }) => x));
  const right = Math.max(...places.map(({ x }, index) => x + items[members[index]!]!.width));
  const shifted = places.map(({ x, y }) => ({ x: x - left, y }));
  const [first, last] = [members[0]!, members.at(-1)!];
  return {
    members,
    places: shifted,
    width: right - left,
    height: bottom,
    inputs: items[first]!.inputs.map((x) => x + shifted[0]!.x),
    outputs: items[last]!.outputs.map((x) => x + shifted.at(-1)!.x),
  };
}

function straight({ source, target }: FormEdge, { items }: BandForm, places: readonly Point[]): readonly Point[] {
  if (!("item" in source && "item" in target)) return [];
  const [from, to] = [places[source.item]!, places[target.item]!];
  const { outputs, height } = items[source.item]!;
  const x = from.x + outputs[source.port]!;
  return [
    { x, y: from.y + height },
    { x, y: to.y },
  ];
}
