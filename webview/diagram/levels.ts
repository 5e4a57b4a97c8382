// Diagram → levels: what stands directly in the network, and in each of its groups. An edge across a group's border becomes
// pieces that meet at it, one in each level; edges that carry one value across a border share their place there.

import type { Diagram, DiagramEdge } from "./diagram-model";

export interface Level {
  /** Undefined for the network itself. */
  readonly group?: string;
  readonly items: LevelItem[];
  readonly edges: LevelEdge[];
  /** What comes in and goes out, by the id of the node that it comes from. */
  readonly entries: string[];
  readonly exits: string[];
}

export type LevelItem =
  | { readonly kind: "node"; readonly id: string; readonly inputs: number; readonly role: NodeRole }
  | { readonly kind: "group"; readonly id: string; readonly level: Level };

/** An input is where a reader begins; what is declared stands near its use. */
export type NodeRole = "input" | "declared" | "computed";

export interface LevelEdge {
  readonly id: string;
  readonly source: LevelEnd;
  readonly target: LevelEnd;
}

export type LevelEnd =
  /** Port of a node: its input from 0, as text; of a group: what crosses its border. The output of a node needs none. */
  | { readonly kind: "item"; readonly item: string; readonly port: string }
  | { readonly kind: "border"; readonly port: string };

/** A part of an edge, in one level. */
export interface Piece {
  readonly level: Level;
  readonly edge: string;
}

export interface Levels {
  readonly top: Level;
  /** From source to target, by edge id. */
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
}

export function levelsOf({ nodes, edges, groups }: Diagram): Levels {
  const top = emptyLevel();
  const levels = new Map<string | undefined, Level>([[undefined, top]]);
  const parents = new Map(groups.map(({ id, parent }) => [id, parent]));
  // A group stands where its first node does.
  const levelFor = (group: string | undefined): Level => {
    const known = levels.get(group);
    if (known !== undefined || group === undefined) return known ?? top;
    const level = { ...emptyLevel(), group };
    levels.set(group, level);
    levelFor(parents.get(group)).items.push({ kind: "group", id: group, level });
    return level;
  };
  const pathOf = new Map<string, readonly string[]>();
  for (const { id, group, kind, inputCount } of nodes) {
    const role = kind === "input" ? "input" : kind === "parameter" || kind === "constant" ? "declared" : "computed";
    levelFor(group).items.push({ kind: "node", id, inputs: inputCount, role });
    pathOf.set(id, pathTo(group, parents));
  }
  const drawn = new Map<Level, Set<string>>();
  const pieces = edges.map((edge) => [edge.id, piecesOf(edge, { pathOf, levels, drawn })] as const);
  return { top, pieces: new Map(pieces) };
}

function emptyLevel(): Level {
  return { items: [], edges: [], entries: [], exits: [] };
}

/** Groups around, outermost first. */
function pathTo(group: string | undefined, parents: ReadonlyMap<string, string | undefined>): readonly string[] {
  return group === undefined ? [] : [...pathTo(parents.get(group), parents), group];
}

interface Surroundings {
  /** Groups around each node, outermost first. */
  readonly pathOf: ReadonlyMap<string, readonly string[]>;
  readonly levels: ReadonlyMap<string | undefined, Level>;
  /** The ids of the edges that each level has already. */
  readonly drawn: Map<Level, Set<string>>;
}

function piecesOf({ source, target, input }: DiagramEdge, { pathOf, levels, drawn }: Surroundings): readonly Piece[] {
  const from = pathOf.get(source) ?? [];
  const to = pathOf.get(target) ?? [];
  let common = 0;
  while (common < from.length && from[common] === to[common]) common++;
  const pieces: Piece[] = [];
  const border = { kind: "border", port: source } as const;
  const leaving = (depth: number): LevelEnd => ({ kind: "item", item: from[depth] ?? source, port: source });
  const entering = (depth: number): LevelEnd =>
    depth < to.length
      ? { kind: "item", item: to[depth]!, port: source }
      : { kind: "item", item: target, port: `${input}` };
  for (let depth = from.length; depth > common; depth--) {
    const level = levels.get(from[depth - 1])!;
    note(level.exits, source);
    pieces.push(piece(level, leaving(depth), border, drawn));
  }
  pieces.push(piece(levels.get(from[common - 1])!, leaving(common), entering(common), drawn));
  for (let depth = common + 1; depth <= to.length; depth++) {
    const level = levels.get(to[depth - 1])!;
    note(level.entries, source);
    pieces.push(piece(level, border, entering(depth), drawn));
  }
  return pieces;
}

function piece(level: Level, source: LevelEnd, target: LevelEnd, drawn: Surroundings["drawn"]): Piece {
  const id = `${endId(source)}→${endId(target)}`;
  const known = drawn.get(level) ?? new Set<string>();
  drawn.set(level, known);
  if (!known.has(id)) level.edges.push({ id, source, target });
  known.add(id);
  return { level, edge: id };
}

function endId(end: LevelEnd): string {
  return end.kind === "border" ? `|${end.port}` : `${end.item}|${end.port}`;
}

function note(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}
