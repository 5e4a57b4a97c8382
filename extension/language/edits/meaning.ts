// What a gesture should make of the meaning of a text, and whether an edited text means that. Every network of the file
// is looked at: what is changed in a block is changed in all its uses, and nothing else anywhere.

import type { Module, Network, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import { operatorFunctions } from "../operators";
import type { Addition } from "./draft";
import {
  added,
  contracted,
  type End,
  hasCircle,
  matching,
  type Picture,
  type PictureNode,
  pictureOf,
  rewired,
  type Source,
  withNodes,
  without,
} from "./picture";

/** A change of one picture; what is not concerned stays as it is. */
export type Change = (view: View) => Picture;

/** A network as a picture, with the things that a place of the text stands for in it. */
export class View {
  readonly picture: Picture;

  constructor(readonly network: Network) {
    this.picture = pictureOf(network);
  }

  /**
   * What the text at a place gives: once for each use of the block around it. Several turns of one place (`repeat`) are
   * one thing, from the first to the last.
   */
  things({ range, isInstance }: { readonly range: Range; readonly isInstance: boolean }): Thing[] {
    return isInstance ? this.instances(range) : this.values(range);
  }

  private values(range: Range): Thing[] {
    const groups = new Map<string, PictureNode[]>();
    for (const node of this.picture.nodes.values()) {
      if (!sameRange(node.range, range)) continue;
      const key = keyOfPath(node);
      const known = groups.get(key);
      if (known) known.push(node);
      else groups.set(key, [node]);
    }
    return [...groups].map(([key, nodes]) => ({
      key,
      nodes: new Set(nodes.map(({ id }) => id)),
      turns: nodes.map(({ id, inputs }) => ({ nodes: new Set([id]), inputs: new Map(inputs.entries()) })),
      first: nodes[0]!.id,
      last: nodes.at(-1)!.id,
    }));
  }

  private instances(range: Range): Thing[] {
    const groups = new Map<string, Thing>();
    for (const { range: use, instance, path = [], inputs, outputs } of this.network.blocks ?? []) {
      if (!sameRange(use, range)) continue;
      const key = path.map((around) => around.instance).join("|");
      const isInside = ({ path: around }: PictureNode): boolean => around.some((one) => one.instance === instance);
      const turn: Turn = {
        nodes: new Set([...this.picture.nodes.values()].filter(isInside).map(({ id }) => id)),
        inputs: new Map(
          inputs.flatMap(({ input, value: id }) =>
            this.picture.nodes.has(id) ? [[input, { kind: "node", id } as const] as const] : [],
          ),
        ),
      };
      const before = groups.get(key);
      const last = outputs.length === 1 ? outputs[0]!.value : undefined;
      const nodes = new Set([...(before?.nodes ?? []), ...turn.nodes]);
      groups.set(key, { key, nodes, turns: [...(before?.turns ?? []), turn], ...(last === undefined ? {} : { last }) });
    }
    return [...groups.values()];
  }
}

/** Some nodes of a picture that one place of the text gives. */
export interface Thing {
  /** The uses of blocks it is in. */
  readonly key: string;
  readonly nodes: ReadonlySet<ValueId>;
  readonly turns: readonly Turn[];
  /** Absent for a block. */
  readonly first?: ValueId;
  /** The one that others use; absent when there are several. */
  readonly last?: ValueId;
}

interface Turn {
  readonly nodes: ReadonlySet<ValueId>;
  /** What comes in, by number; of a use of a block without literals. */
  readonly inputs: ReadonlyMap<number, Source>;
}

export interface Located {
  readonly range: Range;
  readonly isInstance: boolean;
}

// What gestures change.

export const unchanged: Change = ({ picture }) => picture;

/** Whatever uses a thing is given something new, computed from it and from `also`. */
export function addedAfter(what: Located, also: readonly Located[]): Change {
  return (view) =>
    each(view, what, (picture, thing) => {
      const { last, nodes, key } = thing;
      if (last === undefined) return picture;
      const id = newId(key);
      const uses = (source: Source, end: End): Source =>
        isNode(source, last) && !(end.kind === "input" && nodes.has(end.id)) ? { kind: "node", id } : source;
      const others = also.flatMap((other) => lastOf(view, other, key));
      return withNodes(rewired(picture, uses), [added(id, [{ kind: "node", id: last }, ...others])]);
    });
}

/** Something new is computed from a thing and from `also`, and nothing uses it. */
export function addedBeside(what: Located, also: readonly Located[]): Change {
  return (view) =>
    each(view, what, (picture, { last, key }) => {
      if (last === undefined) return picture;
      const others = also.flatMap((other) => lastOf(view, other, key));
      return withNodes(picture, [added(newId(key), [{ kind: "node", id: last }, ...others])]);
    });
}

/** One end of an edge is given something new, computed from what came there before and from `also`. */
export function addedOn(end: LocatedEnd, also: readonly Located[]): Change {
  return (view) =>
    ends(view, end, (picture, isEnd, key) => {
      const before: Source[] = [];
      const id = newId(key);
      const changed = rewired(picture, (source, at) => {
        if (!isEnd(source, at)) return source;
        before.push(source);
        return { kind: "node", id };
      });
      const others = also.flatMap((other) => lastOf(view, other, key));
      return before.length === 0 ? picture : withNodes(changed, [added(id, [...before, ...others])]);
    });
}

/** One end of an edge is given another thing. */
export function rewiredTo(end: LocatedEnd, from: Located): Change {
  return (view) =>
    ends(view, end, (picture, isEnd, key) => {
      const [source] = lastOf(view, from, key);
      return source ? rewired(picture, (before, at) => (isEnd(before, at) ? source : before)) : picture;
    });
}

/** A thing is gone; its users use one of its inputs, if it has any. `turn`: only its last turn is. */
export function bypassed(what: Located, input: number, { turn }: { readonly turn: boolean }): Change {
  return (view) => {
    const instead = new Map<ValueId, Source | undefined>();
    for (const { turns, nodes } of view.things(what)) {
      const entry = turn ? turns.at(-1)! : turns[0]!;
      for (const id of turn ? entry.nodes : nodes) instead.set(id, entry.inputs.get(input));
    }
    // What is gone in one use of a block may be computed from what is gone in another.
    const resolved = (source: Source): Source => {
      const next = source.kind === "node" ? instead.get(source.id) : undefined;
      return next ? resolved(next) : source;
    };
    return without(rewired(view.picture, resolved), new Set(instead.keys()));
  };
}

/** An end of an edge, by the place of what is there. */
export type LocatedEnd =
  | { readonly kind: "input"; readonly what: Located; readonly input: number }
  /** All that comes into a use of a block, or only what comes into it as one of its inputs. */
  | { readonly kind: "entry"; readonly what: Located; readonly input?: number }
  | { readonly kind: "output"; readonly network: string; readonly name: string };

function ends(
  view: View,
  end: LocatedEnd,
  change: (picture: Picture, isEnd: (source: Source, at: End) => boolean, key: string) => Picture,
): Picture {
  if (end.kind === "output") {
    if (view.network.name !== end.network) return view.picture;
    return change(view.picture, (_, at) => at.kind === "output" && at.name === end.name, "");
  }
  return each(view, end.what, (picture, { nodes, turns, first, key }) => {
    if (end.kind === "input") {
      return change(picture, (_, at) => at.kind === "input" && at.id === first && at.input === end.input, key);
    }
    const given = end.input === undefined ? undefined : turns[0]?.inputs.get(end.input);
    const isGiven = (id: ValueId): boolean => end.input === undefined || (given !== undefined && isNode(given, id));
    const comesIn = (source: Source, at: End): boolean =>
      at.kind === "input" && nodes.has(at.id) && source.kind === "node" && !nodes.has(source.id) && isGiven(source.id);
    return change(picture, comesIn, key);
  });
}

function each(view: View, what: Located, change: (picture: Picture, thing: Thing) => Picture): Picture {
  return view.things(what).reduce(change, view.picture);
}

function lastOf(view: View, what: Located, key: string): Source[] {
  const thing = view.things(what).find((candidate) => candidate.key === key);
  return thing?.last === undefined ? [] : [{ kind: "node", id: thing.last }];
}

function newId(key: string): ValueId {
  return `new ${key}`;
}

function isNode(source: Source, id: ValueId): boolean {
  return source.kind === "node" && source.id === id;
}

// Comparison.

/** Which value each value has become, by network; undefined when a network means anything but what it should. */
export type Correspondence = ReadonlyMap<string, ReadonlyMap<ValueId, ValueId>>;

export interface Comparison {
  readonly before: Module;
  readonly after: Module;
  readonly change: Change;
  readonly additions: readonly Addition[];
  /** Some block is given what does not fit: it then does without it, so its network tells less than the text. */
  readonly blocksMisfit: boolean;
  readonly mayLoseName: ReadonlySet<string>;
  /** The layer or function whose arguments may differ. */
  readonly relabeled?: string;
  /** The block that is shown by itself. What its inputs are in the networks that use it is not compared. */
  readonly shownBlock?: string;
}

export function correspondence(comparison: Comparison): Correspondence | undefined {
  const before = networksOf(comparison.before);
  const after = networksOf(comparison.after);
  const found = new Map<string, ReadonlyMap<ValueId, ValueId>>();
  for (const network of before) {
    const edited = after.find(({ name }) => name === network.name);
    if (edited === undefined) {
      // A block that is used now is shown by itself no more.
      if (after.some(({ blocks }) => blocks?.some(({ block }) => block === network.name))) continue;
      return undefined;
    }
    if (comparison.blocksMisfit && edited.blocks && !edited.complete) continue;
    if (network.blocks?.some(({ block }) => block === comparison.shownBlock)) continue;
    const expected = masked(comparison.change(new View(network)), comparison.relabeled);
    const view = new View(edited);
    const actual = masked(contracted(view.picture, groupOf(view, comparison.additions)), comparison.relabeled);
    const pairs = matching(expected, actual);
    if (pairs === undefined) return undefined;
    if (!keepsNames(expected, actual, pairs, comparison.mayLoseName)) return undefined;
    found.set(network.name, pairs);
  }
  return found;
}

/** Whether a gesture would have a value computed from itself. */
export function makesCircle(network: Network, change: Change): boolean {
  return hasCircle(change(new View(network)));
}

export function networksOf({ networks, blocks }: Module): readonly Network[] {
  const alone = blocks.flatMap(({ unused }) => (unused ? [unused] : []));
  return [...networks, ...alone];
}

function keepsNames(
  before: Picture,
  after: Picture,
  pairs: ReadonlyMap<ValueId, ValueId>,
  mayLoseName: ReadonlySet<string>,
): boolean {
  return [...pairs].every(([id, partner]) => {
    const name = before.nodes.get(id)?.name;
    return name === undefined || mayLoseName.has(name) || after.nodes.get(partner)?.name === name;
  });
}

/** Which group of new values a node belongs to: one for each use of the block that a gesture changed. */
function groupOf(
  { network, picture }: View,
  additions: readonly Addition[],
): (node: PictureNode) => string | undefined {
  const operations = new Set<string>();
  for (const addition of additions) {
    if (addition.kind !== "operator") continue;
    const wanted = `${operatorFunctions[addition.operator]} `;
    const candidates = [...picture.nodes.values()].filter(
      ({ range, label }) => range.start <= addition.at && addition.at < range.end && label.startsWith(wanted),
    );
    const smallest = Math.min(...candidates.map(({ range }) => range.end - range.start));
    for (const node of candidates) if (node.range.end - node.range.start === smallest) operations.add(node.id);
  }
  const isLayer = new Set(network.values.filter(({ source }) => source.kind === "layer").map(({ id }) => id));
  const isNew = (range: Range, isCallOf: (callee: string) => boolean): boolean =>
    additions.some((addition) => {
      if (addition.kind === "stages") return addition.range.start <= range.start && range.end <= addition.range.end;
      return addition.kind === "call" && range.start === addition.start && isCallOf(addition.callee);
    });
  return (node) => {
    const use = node.path.findIndex(({ range }) => isNew(range, () => true));
    const path = use >= 0 ? node.path.slice(0, use) : node.path;
    // An operation that begins with the new call has its place as well.
    const isCallOf = (callee: string): boolean => isLayer.has(node.id) || node.label.startsWith(`${callee} `);
    if (use < 0 && !operations.has(node.id) && !isNew(node.range, isCallOf)) return undefined;
    return path.map(({ instance }) => instance).join("|");
  };
}

function masked(picture: Picture, name: string | undefined): Picture {
  if (name === undefined) return picture;
  const nodes = [...picture.nodes].map(([id, node]): [ValueId, PictureNode] => [
    id,
    node.label.startsWith(`${name} `) ? { ...node, label: name } : node,
  ]);
  return { ...picture, nodes: new Map(nodes) };
}

function keyOfPath({ path }: PictureNode): string {
  return path.map(({ instance }) => instance).join("|");
}

function sameRange(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}
