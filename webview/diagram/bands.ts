// Level → bands: a network is cut wherever all that goes on is one value. Each band is laid out by itself, and the bands are
// put under one another, so that an edit moves nothing but what is below it, and equal bands are laid out once.

import type { Level, LevelEdge, LevelItem } from "./levels";

export interface Band {
  readonly items: readonly LevelItem[];
  readonly edges: readonly LevelEdge[];
  /** What comes from above: from the band before, or in the first band through the level's border. */
  readonly entries: readonly Source[];
  /** What leaves the level; in the last band only. */
  readonly exits: readonly string[];
}

/** Where edges begin. `item` is undefined at the level's border. */
export interface Source {
  readonly item: string | undefined;
  readonly port: string;
}

export function bandsOf(level: Level): readonly Band[] {
  const order = inOrder(level);
  const position = new Map(order.map(({ id }, index) => [id, index]));
  const end = order.length;
  const firstCut = order.findLastIndex((item) => item.kind === "node" && item.role === "input");
  /** The place of the last use of each source. */
  const lastUse = new Map<string, number>();
  const into = new Map<number, LevelEdge[]>();
  for (const edge of level.edges) {
    const target = edge.target.kind === "item" ? position.get(edge.target.item)! : end;
    const key = keyOf(sourceOf(edge));
    lastUse.set(key, Math.max(lastUse.get(key) ?? -1, target));
    const known = into.get(target);
    if (known) known.push(edge);
    else into.set(target, [edge]);
  }
  const bySource = new Map<number, Source[]>();
  for (const edge of level.edges) {
    const source = sourceOf(edge);
    const at = source.item === undefined ? -1 : position.get(source.item)!;
    const known = bySource.get(at) ?? [];
    if (!known.some((other) => keyOf(other) === keyOf(source))) bySource.set(at, [...known, source]);
  }

  const bands: Band[] = [];
  let open: Source[] = [...(bySource.get(-1) ?? [])];
  let entries: readonly Source[] = open;
  let begin = 0;
  for (let index = 0; index < end; index++) {
    open = [...open, ...(bySource.get(index) ?? [])].filter((source) => lastUse.get(keyOf(source))! > index);
    const isLast = index === end - 1;
    const [only] = open;
    const goesOnAlone = open.length === 0 || (open.length === 1 && only!.item === order[index]!.id);
    if (!isLast && (index < firstCut || !goesOnAlone)) continue;
    const places = Array.from({ length: index + 1 - begin }, (_, offset) => begin + offset);
    bands.push({
      items: order.slice(begin, index + 1),
      edges: [...places, ...(isLast ? [end] : [])].flatMap((place) => into.get(place) ?? []),
      entries,
      exits: isLast ? level.exits : [],
    });
    entries = open;
    begin = index + 1;
  }
  return bands;
}

export function sourceOf({ source }: LevelEdge): Source {
  return { item: source.kind === "item" ? source.item : undefined, port: source.port };
}

export function keyOf({ item, port }: Source): string {
  return item === undefined ? `|${port}` : `${item}|${port}`;
}

/** What something is computed from stands before it; what is declared just before its first use, ends just after theirs. */
function inOrder({ items, edges }: Level): readonly LevelItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const sources = new Map<string, string[]>();
  const targets = new Map<string, Set<string>>();
  for (const { source, target } of edges) {
    if (source.kind === "item") targets.set(source.item, (targets.get(source.item) ?? new Set()).add(endOf(target)));
    if (source.kind !== "item" || target.kind !== "item") continue;
    const known = sources.get(target.item);
    if (known) known.push(source.item);
    else sources.set(target.item, [source.item]);
  }
  const order = new Set<LevelItem>();
  const visiting = new Set<string>();
  const visit = (id: string): void => {
    const item = byId.get(id)!;
    if (order.has(item) || visiting.has(id)) return;
    visiting.add(id);
    for (const source of sources.get(id) ?? []) visit(source);
    order.add(item);
    for (const target of targets.get(id) ?? []) {
      if (byId.has(target) && !targets.has(target) && new Set(sources.get(target)).size === 1) visit(target);
    }
  };
  for (const item of items) {
    const waits = item.kind === "node" && item.role === "declared" && targets.has(item.id);
    if (!waits) visit(item.id);
  }
  for (const { id } of items) visit(id);
  return [...order];
}

function endOf(end: LevelEdge["target"]): string {
  return end.kind === "item" ? end.item : "|";
}
