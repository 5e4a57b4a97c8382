// What a gesture in the diagram asks of the text → the smallest edits that do it, or a sentence that says why not. The
// edited text is read again before it is offered: all of it must mean what it meant, but for what the gesture changes.
// A gesture after which sizes do not go together is done, and says so: the text then holds what was meant, and its
// diagnostics lead on.

import type { Shape } from "../../engine/protocol/array";
import type { TextEdit } from "../../engine/protocol/diagnostic";
import type { EditIntent, Gesture } from "../../engine/protocol/edit-intent";
import type { ArgumentSubject, Refused, WrittenArguments } from "../../engine/protocol/editing";
import type { ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import { type Environment, unknownWorld } from "./analyze";
import { argumentChange, attributeChange, shapeChange, writtenArguments } from "./edits/arguments";
import { chainOf, pasted } from "./edits/chain";
import { composed } from "./edits/composed";
import { deletion } from "./edits/delete";
import { expansion } from "./edits/expand";
import { connection, insertion, pasting } from "./edits/insert";
import { type Intended, type Made, made, misfitsOf } from "./edits/made";
import { networksOf } from "./edits/meaning";
import { naming } from "./edits/names";
import { Refusal, refuse } from "./edits/refusal";
import { rewiring } from "./edits/rewire";
import { type EditSource, Scene } from "./edits/scene";
import { entryChange } from "./edits/training";
import { wrapping } from "./edits/wrap";

export type { EditSource } from "./edits/scene";

export type EditResult =
  | {
      readonly kind: "edits";
      /** Ordered by place, without overlaps: one undo step. */
      readonly edits: readonly TextEdit[];
      /** What the last gesture writes, in the edited text. */
      readonly select?: Range;
      /** What would not fit, in words; empty when all shapes do. */
      readonly problems: readonly string[];
      /** What each value of the network is called now; undefined when the number of values may have changed. */
      readonly became?: ReadonlyMap<ValueId, ValueId>;
    }
  | Refused;

export type EditPreview =
  | {
      readonly kind: "shapes";
      /** Of the values that stay, by the ids they have now; those that an error would hide are left out. */
      readonly shapes: ReadonlyMap<ValueId, Shape>;
      /** Of those that would be new, in their order. */
      readonly added: readonly { readonly title: string; readonly shape?: Shape }[];
      readonly problems: readonly string[];
    }
  | Refused;

export type Copied = { readonly kind: "chain"; readonly chain: string } | Refused;

export type EditableArguments = ({ readonly kind: "arguments" } & WrittenArguments) | Refused;

export function editsFor(source: EditSource, intent: EditIntent, environment: Environment = unknownWorld): EditResult {
  return unlessRefused(() => {
    const result = done(source, intent, environment);
    const { edits, select } = result;
    const became = result.became?.get(intent.network);
    const problems = misfitsOf(source, result);
    return { kind: "edits", edits, problems, ...(select ? { select } : {}), ...(became ? { became } : {}) };
  });
}

/** What the diagram would show. */
export function previewOf(
  source: EditSource,
  intent: EditIntent,
  environment: Environment = unknownWorld,
): EditPreview {
  return unlessRefused(() => {
    const result = done(source, intent, environment);
    const { after, became } = result;
    const edited = networksOf(after.module).find(({ name }) => name === intent.network);
    const values = new Map(edited?.values.map((value) => [value.id, value]));
    const pairs = became?.get(intent.network) ?? new Map([...values.keys()].map((id) => [id, id]));
    const shapes = new Map<ValueId, Shape>();
    for (const [before, id] of pairs) {
      const shape = values.get(id)?.shape;
      if (shape) shapes.set(before, shape);
    }
    const stayed = new Set(pairs.values());
    const added = [...values.values()].flatMap(({ id, title, shape, source: { kind } }) =>
      stayed.has(id) || kind === "constant" ? [] : [{ title, ...(shape ? { shape } : {}) }],
    );
    return { kind: "shapes", shapes, added, problems: misfitsOf(source, result) };
  });
}

/** What pasting takes: the values, each of which follows the one before. */
export function copyOf(source: EditSource, network: string, values: readonly ValueId[]): Copied {
  return unlessRefused(() => ({ kind: "chain", chain: chainOf(new Scene(source, network), values) }));
}

/** What can be changed in numbers and words, and how it is written. */
export function argumentsOf(source: EditSource, network: string, subject: ArgumentSubject): EditableArguments {
  return unlessRefused(() => ({ kind: "arguments", ...writtenArguments(new Scene(source, network), subject) }));
}

function unlessRefused<T>(work: () => T): T | Refused {
  try {
    return work();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return { kind: "refused", message: problem.message };
  }
}

function done(source: EditSource, intent: EditIntent, environment: Environment): Made {
  const { network } = intent;
  const gestures = singles(intent);
  if (gestures.length === 0) refuse("Nothing is selected.");
  let state: Made | undefined;
  const ids = new Map<ValueId, ValueId | undefined>();
  const nowCalled = (id: ValueId): ValueId => (ids.has(id) ? (ids.get(id) ?? goneMessage(id)) : id);
  for (const gesture of gestures) {
    const before = state?.after ?? source;
    const scene = new Scene(before, network);
    const next = made(scene, intended(scene, renamed(gesture, nowCalled)), environment);
    follow(ids, state?.after ?? source, network, next);
    state = state === undefined ? next : joined(source, state, next);
  }
  return state!;
}

function goneMessage(id: ValueId): never {
  return refuse(`${id} is no longer there when it is its turn: do this for it alone.`);
}

/** One gesture for each value that is deleted. */
function singles(gesture: Gesture): readonly Gesture[] {
  if (gesture.kind === "several") return gesture.gestures.flatMap(singles);
  if (gesture.kind === "delete") return [...new Set(gesture.values)].map((value) => ({ ...gesture, values: [value] }));
  return [gesture];
}

function intended(scene: Scene, gesture: Gesture): Intended {
  switch (gesture.kind) {
    case "insert":
      return insertion(scene, gesture.call, gesture.at, gesture.others);
    case "delete":
      return deletion(scene, gesture.values[0]!, gesture.instead);
    case "rename":
      return naming(scene, gesture.value, gesture.name);
    case "rewire":
      return rewiring(scene, gesture.edge, gesture.from);
    case "argument":
      return argumentChange(scene, gesture.value, gesture.name, gesture.written);
    case "attribute":
      return attributeChange(scene, gesture.name, gesture.written);
    case "entry":
      return entryChange(scene, gesture.training, gesture.name, gesture.written);
    case "shape":
      return shapeChange(scene, gesture.input, gesture.dimensions);
    case "wrap":
      return wrapping(scene, gesture.values, gesture.name);
    case "expand":
      return expansion(scene, gesture.instance);
    case "connect":
      return connection(scene, gesture.from, gesture.to);
    case "paste":
      return pasting(scene, (body) => pasted(scene, body, gesture.chain), gesture.at);
    case "several":
      return refuse("These gestures are done one after another.");
    default:
      return gesture satisfies never;
  }
}

// Several gestures.

function joined(source: EditSource, state: Made, next: Made): Made {
  const edits = composed(source.text, state.edits, next.edits);
  const became = state.became && next.became && chained(state.became, next.became);
  return { ...next, edits, became };
}

function chained(first: NonNullable<Made["became"]>, second: NonNullable<Made["became"]>): Made["became"] {
  return new Map(
    [...first].map(([network, pairs]) => [
      network,
      new Map(
        [...pairs].flatMap(([id, between]) => {
          const last = second.get(network)?.get(between);
          return last === undefined ? [] : [[id, last] as const];
        }),
      ),
    ]),
  );
}

/** Notes what each value, and each use of a block, is called after a gesture. */
function follow(
  ids: Map<ValueId, ValueId | undefined>,
  before: EditSource,
  network: string,
  { became, after }: Made,
): void {
  const pairs = became?.get(network);
  if (pairs === undefined) return;
  const networkBefore = networksOf(before.module).find(({ name }) => name === network);
  const networkAfter = networksOf(after.module).find(({ name }) => name === network);
  const next = new Map<ValueId, ValueId | undefined>();
  for (const { id } of networkBefore?.values ?? []) next.set(id, pairs.get(id));
  const uses = networkAfter?.blocks ?? [];
  for (const { instance, outputs } of networkBefore?.blocks ?? []) {
    const [output] = outputs;
    const now = output && pairs.get(output.value);
    next.set(instance, uses.find((use) => use.outputs[0]?.value === now)?.instance);
  }
  if (ids.size === 0) for (const [id, now] of next) ids.set(id, now);
  else for (const [id, now] of ids) if (now !== undefined) ids.set(id, next.has(now) ? next.get(now) : now);
}

function renamed(gesture: Gesture, now: (id: ValueId) => ValueId): Gesture {
  const atEdge = (edge: Extract<Gesture, { kind: "rewire" }>["edge"]) =>
    edge.kind === "input" ? { ...edge, value: now(edge.value) } : edge;
  const atPlace = (at: Extract<Gesture, { kind: "insert" }>["at"]) =>
    at.kind === "edge" ? { ...at, edge: atEdge(at.edge) } : { ...at, value: now(at.value) };
  switch (gesture.kind) {
    case "insert": {
      const { others } = gesture;
      const at = atPlace(gesture.at);
      if (others === undefined) return { ...gesture, at };
      return { ...gesture, at, others: { before: others.before.map(now), behind: others.behind.map(now) } };
    }
    case "paste":
      return { ...gesture, at: atPlace(gesture.at) };
    case "delete":
    case "wrap":
      return { ...gesture, values: gesture.values.map(now) };
    case "rename":
    case "argument":
      return { ...gesture, value: now(gesture.value) };
    case "rewire":
      return { ...gesture, edge: atEdge(gesture.edge), from: now(gesture.from) };
    case "shape":
      return { ...gesture, input: now(gesture.input) };
    case "expand":
      return { ...gesture, instance: now(gesture.instance) };
    case "connect":
      return { ...gesture, from: now(gesture.from), to: now(gesture.to) };
    case "attribute":
    case "entry":
    case "several":
      return gesture;
    default:
      return gesture satisfies never;
  }
}
