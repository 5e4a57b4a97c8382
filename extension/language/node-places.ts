// Places of nodes in the diagram, and which groups are collapsed, kept with their layers while the text changes. What cannot
// be told apart any more loses its place rather than pass it on.

import type { FlowDirection, HandLayout, NodeOffsets } from "../../engine/protocol/editing";
import type { Module, Network, ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import { afterChange, type HeldText, held, holds, type TextChange } from "./places/held-text";
import { formOf, isNamed, type NodeText, nodeTextsOf } from "./places/node-text";
import { drawableIn } from "./value-at";

export type { TextChange } from "./places/held-text";

/** By network. */
export type PlacesOfFile = Readonly<Record<string, PlacesOfNetwork>>;

export interface PlacesOfNetwork extends HandLayout {
  /** Of the network that the ids are of. In one of another form those of unnamed values may mean others. */
  readonly form?: string;
}

/** What values of a network are called after a gesture. */
export interface Became {
  readonly network: string;
  readonly ids: ReadonlyMap<ValueId, ValueId>;
}

/** Of one file, from when it is opened. */
export class NodePlaces {
  private networks: readonly Network[];
  private marks: readonly Mark[];
  /** By the form of their network: undo brings back what an edit has lost. Used last, last in order. */
  private readonly remembered = new Map<string, readonly Mark[]>();

  /** Of each network as it was when it could be read last; of one that never could, as it was given. */
  private readonly entries: Map<string, PlacesOfNetwork>;
  private readonly unread: Set<string>;
  /** As they were given for networks that had another form when they were read: a checkout may write places before texts. */
  private readonly ofOtherForm = new Map<string, PlacesOfNetwork>();

  constructor(module: Module, stored: PlacesOfFile) {
    this.networks = drawableIn(module);
    this.entries = new Map(Object.entries(stored));
    this.unread = new Set(this.entries.keys());
    this.marks = this.settled([]);
  }

  /** A change of the text whose new meaning is not known yet. */
  change(change: TextChange): void {
    this.marks = this.marks.map((mark) => (mark.hold ? withHold(mark, holdAfter(mark.hold, change)) : mark));
  }

  /** What the changed text means; `became` when a gesture has changed it. */
  read(module: Module, became?: Became): void {
    this.networks = drawableIn(module);
    if ([this.marks.length, this.remembered.size, this.unread.size, this.ofOtherForm.size].every((size) => size === 0))
      return;
    const texts = new TextIndex(this.networks);
    const found = this.marks.map((mark): Mark => {
      const renamed = mark.isPlaced && mark.network === became?.network ? became.ids.get(mark.node) : undefined;
      const there =
        renamed === undefined ? mark.hold && texts.find(mark.hold) : { network: mark.network, node: renamed };
      return there ? { ...mark, ...there, isPlaced: true } : { ...mark, isPlaced: false };
    });
    this.marks = this.settled(found.filter((mark) => mark.isPlaced || mark.hold || isByName(mark)));
  }

  /** Of the nodes that are there. */
  layoutIn(network: string): HandLayout {
    return layoutOf(this.marks.filter((mark) => mark.isPlaced && mark.network === network));
  }

  /** These are all the places in one direction, by the ids of now. */
  move(network: string, direction: FlowDirection, offsets: NodeOffsets): void {
    this.arrange(network, { ...this.layoutIn(network), [direction]: offsets });
  }

  /** These are all the groups that are drawn as one node, by the ids of now. */
  collapse(network: string, collapsed: readonly string[]): void {
    this.arrange(network, { ...this.layoutIn(network), collapsed });
  }

  /** No node stands apart from the layout any more. What is collapsed stays so. */
  clear(): void {
    const collapsed = this.networks.flatMap(({ name }) =>
      marksOf(name, { collapsed: this.layoutIn(name).collapsed ?? [] }),
    );
    this.remembered.clear();
    this.entries.clear();
    this.unread.clear();
    this.ofOtherForm.clear();
    this.marks = this.settled(collapsed);
  }

  /** Of a network that cannot be read now, as it was when it could. */
  stored(): PlacesOfFile {
    const names = new Set([...this.marks.map(({ network }) => network), ...this.unread]);
    return Object.fromEntries(
      [...names].flatMap((name) => {
        const entry = this.entries.get(name);
        return entry ? [[name, entry]] : [];
      }),
    );
  }

  /** What this takes back is not remembered for another text either. */
  private arrange(network: string, all: HandLayout): void {
    const isHere = (mark: Mark): boolean => mark.isPlaced && mark.network === network;
    const before = new Map(this.marks.filter(isHere).map((mark) => [keyOf(mark), mark]));
    const after = marksOf(network, all).map((mark) => {
      const known = before.get(keyOf(mark));
      return known && JSON.stringify(known.byHand) === JSON.stringify(mark.byHand) ? known : mark;
    });
    const kept = new Set(after.map(({ byHand }) => byHand));
    const gone = new Set([...before.values()].map(({ byHand }) => byHand).filter((byHand) => !kept.has(byHand)));
    for (const [form, marks] of this.remembered) {
      this.remembered.set(
        form,
        marks.filter(({ byHand }) => !gone.has(byHand)),
      );
    }
    this.ofOtherForm.delete(network);
    this.marks = this.settled([...this.marks.filter((mark) => !isHere(mark)), ...after]);
  }

  /** Those that were given for a network which is there now. In one of another form a name is all that still says something. */
  private justRead(): readonly Mark[] {
    return this.networks.flatMap((network) => {
      const isFirst = this.unread.delete(network.name);
      const given = isFirst ? this.entries.get(network.name) : this.ofOtherForm.get(network.name);
      if (!given) return [];
      const { form, ...layout } = given;
      const isPlaced = formOf(network, { arguments: false }) === form;
      const marks = marksOf(network.name, layout).map((mark) => ({ ...mark, isPlaced }));
      if (isPlaced) this.ofOtherForm.delete(network.name);
      else this.ofOtherForm.set(network.name, given);
      if (isPlaced) return marks;
      return isFirst ? marks.filter(({ node }) => isNamed(node)) : [];
    });
  }

  /** What the text has no node for is kept under the user's name for it only. */
  private entryOf(network: Network, marks: readonly Mark[]): PlacesOfNetwork {
    const kept = marks.filter((mark) => mark.network === network.name && (mark.isPlaced || isByName(mark)));
    return { form: formOf(network, { arguments: false }), ...layoutOf(kept) };
  }

  /** At most one for each node, held by the node's text. What was not found stands where its name does, or where it was remembered. */
  private settled(known: readonly Mark[]): Mark[] {
    const marks = [...known, ...this.justRead()];
    const settled = new Map<string, Mark>();
    const forms = new Map<string, string>();
    const texts = new Map(this.networks.map((network) => [network.name, nodeTextsOf(network)]));
    const isThere = ({ network, node }: Mark): boolean => isOutput(node) || (texts.get(network)?.has(node) ?? false);
    const put = (mark: Mark): void => {
      if (settled.has(keyOf(mark))) return;
      const text = texts.get(mark.network)?.get(mark.node);
      settled.set(keyOf(mark), { ...withHold(mark, text && holdOf(text)), isPlaced: true });
    };
    for (const mark of marks) if (mark.isPlaced) put(mark);
    for (const mark of marks) if (!mark.isPlaced && isByName(mark) && isThere(mark)) put(mark);
    // Places are told from one another by their objects: they stay the same from one text to the next.
    const used = new Set([...settled.values()].map(({ byHand }) => byHand));
    for (const network of this.networks) {
      const form = `${network.name} ${formOf(network, { arguments: true })}`;
      forms.set(network.name, form);
      // A place that stayed with its layer is not given to the one that stands where that was.
      for (const mark of this.remembered.get(form) ?? []) if (!used.has(mark.byHand)) put(mark);
    }
    const placed = [...settled.values()];
    for (const [name, form] of forms)
      this.remember(
        form,
        placed.filter(({ network }) => network === name),
      );
    const found = new Set(placed.map(({ byHand }) => byHand));
    const all = [...marks.filter(({ byHand }) => !found.has(byHand)).map(waiting), ...placed];
    for (const network of this.networks) this.entries.set(network.name, this.entryOf(network, all));
    return all;
  }

  private remember(form: string, marks: readonly Mark[]): void {
    this.remembered.delete(form);
    if (marks.length > 0) this.remembered.set(form, marks);
    for (const oldest of this.remembered.keys()) {
      if (this.remembered.size <= mostRemembered) break;
      this.remembered.delete(oldest);
    }
  }
}

const mostRemembered = 50;

/** What was done to a node by hand, and what it is in the text. */
interface Mark {
  readonly network: string;
  /** A value, a use of a block, an output, or the first turn of a repeat that `isRepeat`. */
  readonly node: string;
  readonly isRepeat: boolean;
  readonly byHand: ByHand;
  /** Undefined when nothing in the text says where it is. */
  readonly hold?: Hold;
  /** Whether it was put there under the user's own name for it: then whatever has that name is meant. */
  readonly byName: boolean;
  /** Whether the text as it was read last has a node for it. */
  readonly isPlaced: boolean;
}

interface ByHand extends Readonly<Partial<Record<FlowDirection, NodeOffsets[string]>>> {
  readonly collapsed?: true;
}

interface Hold {
  readonly kind: string;
  readonly ranges: readonly HeldText[];
}

function holdOf({ kind, ranges }: NodeText): Hold {
  return { kind, ranges: ranges.map(held) };
}

function holdAfter({ kind, ranges }: Hold, change: TextChange): Hold | undefined {
  const after = ranges.flatMap((range) => afterChange(range, change) ?? []);
  return after.length === ranges.length ? { kind, ranges: after } : undefined;
}

function isByName({ byName, node }: Mark): boolean {
  return byName && isNamed(node);
}

function waiting(mark: Mark): Mark {
  return { ...mark, isPlaced: false };
}

function withHold({ hold: _, ...mark }: Mark, hold: Hold | undefined): Mark {
  return hold ? { ...mark, hold } : mark;
}

/** Finds the nodes of all networks by where they stand. */
class TextIndex {
  private readonly nodes = new Map<string, { readonly network: string; readonly text: NodeText }[]>();

  constructor(networks: readonly Network[]) {
    for (const network of networks) {
      for (const text of nodeTextsOf(network).values()) {
        const key = placeKey(text);
        const known = this.nodes.get(key) ?? [];
        this.nodes.set(key, known);
        known.push({ network: network.name, text });
      }
    }
  }

  find(hold: Hold): { readonly network: string; readonly node: string } | undefined {
    const found = this.nodes
      .get(placeKey(hold))
      ?.find(({ text }) => hold.ranges.every((range, depth) => holds(range, text.ranges[depth]!)));
    return found && { network: found.network, node: found.text.id };
  }
}

function placeKey({ kind, ranges }: { readonly kind: string; readonly ranges: readonly Range[] }): string {
  return `${kind} at ${ranges.map(({ start }) => start).join(" ")}`;
}

const directions = ["down", "right"] as const satisfies readonly FlowDirection[];

const repeatPrefix = "repeat:";

function marksOf(network: string, { collapsed = [], ...offsets }: HandLayout): Mark[] {
  const marks = new Map<string, Mark>();
  const add = (id: string, byHand: ByHand): void => {
    const isRepeat = id.startsWith(repeatPrefix);
    const node = isRepeat ? id.slice(repeatPrefix.length) : id;
    const known = marks.get(id) ?? { network, node, isRepeat, byHand: {}, byName: isNamed(node), isPlaced: true };
    marks.set(id, { ...known, byHand: { ...known.byHand, ...byHand } });
  };
  for (const direction of directions) {
    for (const [id, offset] of Object.entries(offsets[direction] ?? {})) add(id, { [direction]: offset });
  }
  for (const id of collapsed) add(id, { collapsed: true });
  return [...marks.values()];
}

function layoutOf(marks: readonly Mark[]): HandLayout {
  const offsets: { [D in FlowDirection]?: Record<string, NodeOffsets[string]> } = {};
  for (const mark of marks) {
    for (const direction of directions) {
      const offset = mark.byHand[direction];
      if (offset) offsets[direction] = { ...offsets[direction], [idOf(mark)]: offset };
    }
  }
  const collapsed = marks.filter(({ byHand }) => byHand.collapsed).map(idOf);
  return { ...offsets, ...(collapsed.length > 0 && { collapsed }) };
}

function idOf({ node, isRepeat }: Mark): string {
  return isRepeat ? repeatPrefix + node : node;
}

function keyOf(mark: Mark): string {
  return `${mark.network} ${idOf(mark)}`;
}

function isOutput(node: string): boolean {
  return node.startsWith("output:");
}
