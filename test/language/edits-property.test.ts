// Any gestures in any order on any example: what the text means afterwards is what the gestures say, comments are all
// there, and undoing gives the very bytes. Meaning is told by terms, which owe nothing to the edits' own comparison.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentation } from "../../engine/model/catalog";
import type { TextEdit } from "../../engine/protocol/diagnostic";
import type { EditIntent, EditPlace, Gesture, WrittenCall } from "../../engine/protocol/edit-intent";
import type { BlockInstance, Network, Value, ValueId } from "../../engine/protocol/network";
import { type Analysis, analyze } from "../../extension/language/analyze";
import { copyOf, editsFor } from "../../extension/language/edits";
import { composed, inverse } from "../../extension/language/edits/composed";
import { isOperator } from "../../extension/language/operators";
import { paletteOf } from "../../extension/language/palette";
import { withEdits } from "../../extension/language/rename";

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
/** What no example has: blocks with several inputs, by place and by name, in one another and repeated. */
const severalInputs = `# Two ways that meet.
block Meet(a, b, size: int = 3) {
  # Both ways alike.
  both = a + b -> Tanh
  return both -> Dense(size)
}

block Twice(p, q) {
  first = p -> Meet(q)
  return (first, q) -> Meet(size: 3) as last
}

network Ways(x: [3], y: [3], rate: float = 0.5) {
  layer shared = Meet(3)
  layer lens = Dense(3)
  near = x -> Dense(3) # learned
  met = shared(near, y)
  far = y
    -> Meet(near) repeat 2
    -> Twice(q: met)
    -> lens
  return shared(far, near) -> Dropout(rate)
}
`;

const examples = [
  ...readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".nnet"))
    .sort()
    .map((file) => readFileSync(folder + file, "utf8")),
  severalInputs,
];

/** What a value computes, as one text for each value; `change` says what comes to an end of an edge instead. */
class Terms {
  private readonly values: ReadonlyMap<ValueId, Value>;
  private readonly known = new Map<ValueId, string>();

  constructor(
    private readonly network: Network,
    private readonly numbers: Map<string, string>,
    private readonly change: (end: End, from: ValueId, terms: Terms) => string | undefined = () => undefined,
  ) {
    this.values = new Map(network.values.map((value) => [value.id, value]));
  }

  get outputs(): string[] {
    return this.network.outputs.map(({ name, value }) => this.at({ output: name }, value));
  }

  of(id: ValueId): string {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const { source } = this.values.get(id)!;
    const inputs = "inputs" in source ? source.inputs.map((from, input) => this.at({ id, input }, from)) : [];
    // A residual connection may stand on either side.
    if (source.kind === "operation" && source.function === "add") inputs.sort();
    const term = this.number(`${this.label(id)}(${inputs.join()})`);
    this.known.set(id, term);
    return term;
  }

  number(text: string): string {
    const number = this.numbers.get(text) ?? `t${this.numbers.size}`;
    this.numbers.set(text, number);
    return number;
  }

  private at(end: End, from: ValueId): string {
    return this.change(end, from, this) ?? this.of(from);
  }

  label(id: ValueId): string {
    const { source, shape } = this.values.get(id)!;
    switch (source.kind) {
      case "layer":
        return `${source.layer}${Object.values(source.arguments).map(String)}`;
      case "operation":
        return `${source.function}${Object.values(source.arguments).map(String)}`;
      case "constant":
        return `[${source.data.shape}: ${source.data.data}]`;
      default:
        return `${source.kind} ${source.kind === "input" ? this.network.values.indexOf(this.values.get(id)!) : shape}`;
    }
  }
}

/** Of a call with its defaults, read where it stands alone. */
function labelOf({ name, arguments: given }: WrittenCall, inputs: number): string {
  const written = given.map((argument) => `${argument.name}: ${argument.written}`).join(", ");
  const source = `(${Array.from({ length: inputs }, () => "x").join(", ")})`;
  const result = /\w/.test(name) ? `${source} -> ${name}(${written})` : `x ${name} x`;
  const [alone] = analyze(`network Alone(x: [3, 3]) {\n  return ${result}\n}`).module.networks;
  return new Terms(alone!, new Map()).label(alone!.outputs[0]!.value);
}

/** A shared layer is what its other uses are. */
function labelIn(network: Network, call: WrittenCall, inputs: number): string | undefined {
  const use = network.values.find(({ source }) => source.kind === "layer" && source.instance === call.name);
  if (use !== undefined) return new Terms(network, new Map()).label(use.id);
  return isBuiltIn(call.name) ? labelOf(call, inputs) : undefined;
}

type End = { readonly id: ValueId; readonly input: number } | { readonly output: string };

const networksOf = ({ module }: Analysis): readonly Network[] => [
  ...module.networks,
  ...module.blocks.flatMap(({ unused }) => (unused ? [unused] : [])),
];

/** All values that the text at the place of one gives. */
const sitesOf = (network: Network, { range }: Value): ReadonlySet<ValueId> =>
  new Set(network.values.filter((value) => sameRange(value.range, range)).map(({ id }) => id));

const sameRange = (one: Value["range"], other: Value["range"]): boolean =>
  one.start === other.start && one.end === other.end;

/** Several turns of one place are no one value. */
const isSingle = (network: Network, value: Value): boolean =>
  network.values.filter(
    ({ range, path }) => sameRange(range, value.range) && path?.at(-1)?.instance === value.path?.at(-1)?.instance,
  ).length === 1;

const isBuiltIn = (name: string): boolean =>
  isOperator(name) || (documentation("layer", name) ?? documentation("function", name)) !== undefined;

/** Of what is there; an output has none. */
const placeOf = (at: EditPlace): ValueId =>
  at.kind === "edge" ? (at.edge.kind === "input" ? at.edge.value : "") : at.value;

/** Whether an input of a value is computed or given. */
const isData = ({ values }: Network, { source }: Value, input: number): boolean =>
  "inputs" in source &&
  !["constant", "parameter"].includes(values.find(({ id }) => id === source.inputs[input])!.source.kind);

/** What each output computes after a gesture, told by the network before it; undefined where this test cannot tell. */
function outputsAfter(
  shown: Network,
  network: Network,
  gesture: Gesture,
  numbers: Map<string, string>,
): readonly string[] | undefined {
  const find = (id: ValueId): Value | undefined => shown.values.find((value) => value.id === id);
  const changed = (change: ConstructorParameters<typeof Terms>[2]) => new Terms(network, numbers, change).outputs;
  switch (gesture.kind) {
    case "rename":
    case "wrap":
    case "expand":
    case "entry":
      return new Terms(network, numbers).outputs;
    case "insert": {
      const { at } = gesture;
      if (at.kind === "branch") return new Terms(network, numbers).outputs;
      const { before, behind } = gesture.others ?? { before: [], behind: [] };
      const others = [...before, ...behind].map(find);
      const isInNetwork = others.every((other) => other !== undefined && other.path === undefined);
      if (others.length > 0 && (!isInNetwork || find(placeOf(at))?.path)) return undefined;
      if (others.length > 0 && network.name !== shown.name) return new Terms(network, numbers).outputs;
      const label = labelIn(network, gesture.call, others.length + 1);
      if (label === undefined) return undefined; // A block is what it says.
      const isSum = label === "add";
      const add = (terms: Terms, from: ValueId) => {
        const inputs = [...before, from, ...behind].map((id) => terms.of(id));
        return terms.number(`${label}(${(isSum ? inputs.sort() : inputs).join()})`);
      };
      if (at.kind === "after") {
        const value = find(at.value);
        if (!value || !isSingle(shown, value)) return undefined;
        const sites = sitesOf(network, value);
        return changed((_, from, terms) => (sites.has(from) ? add(terms, from) : undefined));
      }
      if (at.kind === "before" || at.edge.kind === "output") return undefined;
      const { input, value: id } = at.edge;
      const value = find(id);
      if (!value || !isSingle(shown, value)) return undefined;
      const sites = sitesOf(network, value);
      return changed((end, from, terms) =>
        "id" in end && sites.has(end.id) && end.input === input ? add(terms, from) : undefined,
      );
    }
    case "delete": {
      const use = shown.blocks?.find(({ instance }) => instance === gesture.values[0]);
      if (use !== undefined && gesture.values.length === 1) return withoutUse(use, gesture.instead);
      const value = find(gesture.values[0]!);
      if (!value || gesture.values.length > 1 || !isSingle(shown, value) || !("inputs" in value.source))
        return undefined;
      const sites = sitesOf(network, value);
      const kept = (id: ValueId): ValueId | undefined => {
        const { source } = network.values.find((candidate) => candidate.id === id)!;
        const inputs = "inputs" in source ? source.inputs : [];
        if (gesture.instead !== undefined && isData(shown, value, gesture.instead)) return inputs[gesture.instead];
        const kindOf = (input: ValueId) => network.values.find((candidate) => candidate.id === input)!.source.kind;
        const data = inputs.filter((input) => !["constant", "parameter"].includes(kindOf(input)));
        return new Set(data).size === 1 ? data[0] : inputs.find((input) => kindOf(input) === "parameter");
      };
      return changed((_, from, terms) => {
        if (!sites.has(from)) return undefined;
        let id: ValueId | undefined = from;
        while (id !== undefined && sites.has(id)) id = kept(id);
        return id && terms.of(id);
      });
    }
    case "rewire": {
      if (gesture.edge.kind === "output") return undefined;
      const { input, value: id } = gesture.edge;
      const [value, from] = [find(id), find(gesture.from)];
      const isInNetwork = value?.path === undefined && from?.path === undefined;
      if (!value || !from || !isInNetwork || !isSingle(shown, value)) return undefined;
      if (network.name !== shown.name) return new Terms(network, numbers).outputs;
      return changed((end, _, terms) =>
        "id" in end && end.id === id && end.input === input ? terms.of(from.id) : undefined,
      );
    }
    case "connect": {
      const [to, from] = [find(gesture.to), find(gesture.from)];
      if (!to || !from || to.path || from.path || !isSingle(shown, to)) return undefined;
      if (network.name !== shown.name) return new Terms(network, numbers).outputs;
      return changed((_, source, terms) =>
        source === to.id ? terms.number(`add(${[terms.of(from.id), terms.of(to.id)].sort().join()})`) : undefined,
      );
    }
    default:
      return undefined;
  }

  /** Whoever uses what a use of a block gives, uses one of its inputs. */
  function withoutUse(use: BlockInstance, instead: number | undefined): readonly string[] | undefined {
    if (use.path !== undefined || use.outputs.length > 1) return undefined;
    if (network.name !== shown.name) return new Terms(network, numbers).outputs;
    const turns = shown.blocks!.filter(({ range }) => sameRange(range, use.range));
    const given = use.inputs.filter(({ value }) => {
      const kind = find(value)!.source.kind;
      return kind !== "constant" && kind !== "parameter";
    });
    const chosen = given.find(({ input }) => input === instead) ?? given[0];
    if (turns.length > 1 || chosen === undefined || new Set(given.map(({ value }) => value)).size !== given.length)
      return undefined;
    return changed((_, from, terms) => (from === use.outputs[0]?.value ? terms.of(chosen.value) : undefined));
  }
}

// Gestures.

const layers = [
  ["ReLU", {}],
  ["Tanh", {}],
  ["Dropout", { rate: "0.25" }],
  ["Dense", { units: "3" }],
  ["Softmax", {}],
  ["exp", {}],
] as const;

/** What takes several values. */
const joining = ["Concat", "+", "-", "*", "@", "max"] as const;

const entries = [
  ["optimizer.rate", "0.05"],
  ["optimizer", "SGD"],
  ["batch", "8"],
  ["epochs", "3"],
  ["validation", "0.25"],
  ["shuffle", "false"],
] as const;

interface Draw {
  readonly kind: number;
  readonly network: number;
  readonly one: number;
  readonly two: number;
  readonly more: number;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(22),
  network: fc.nat(100),
  one: fc.nat(1000),
  two: fc.nat(1000),
  more: fc.nat(1000),
});

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

function intentOf(analysis: Analysis, { kind, network: at, one, two, more }: Draw): EditIntent | undefined {
  const networks = networksOf(analysis);
  if (networks.length === 0) return undefined;
  const network = pick(networks, at);
  const values = network.values.filter(({ source }) => source.kind !== "constant");
  const value = pick(values, one);
  const other = pick(values, two);
  const input = more % Math.max(1, "inputs" in value.source ? value.source.inputs.length : 1);
  const [name, given] = pick(layers, more);
  const call = { name, arguments: Object.entries(given).map(([argument, written]) => ({ name: argument, written })) };
  const edge = { kind: "input", value: value.id, input } as const;
  const uses = network.blocks ?? [];
  const blocks = analysis.module.blocks.filter(({ inputs }) => inputs.length === 2).map(({ name: block }) => block);
  const joined = (place: EditPlace): Gesture => {
    const others = more % 2 === 0 ? { before: [other.id], behind: [] } : { before: [], behind: [other.id] };
    return { kind: "insert", call: { name: pick([...joining, ...blocks], more), arguments: [] }, at: place, others };
  };
  const gestures: readonly (() => Gesture | undefined)[] = [
    () => ({ kind: "insert", call, at: { kind: "edge", edge } }),
    () => ({ kind: "insert", call, at: { kind: "after", value: value.id } }),
    () => ({ kind: "insert", call, at: { kind: "before", value: value.id } }),
    () => ({ kind: "insert", call, at: { kind: "branch", value: value.id } }),
    () => ({ kind: "delete", values: [value.id], ...(more % 2 === 0 && { instead: input }) }),
    () => ({ kind: "rename", value: value.id, name: `name${more}` }),
    () => ({ kind: "rewire", edge, from: other.id }),
    () => ({ kind: "connect", from: other.id, to: value.id }),
    () => ({
      kind: "wrap",
      values: values.slice(one % values.length, (one % values.length) + 1 + (two % 3)).map(({ id }) => id),
      name: `Block${more}`,
    }),
    () => (uses.length === 0 ? undefined : { kind: "expand", instance: pick(uses, one).instance }),
    () => {
      if (uses.length === 0) return undefined;
      const end = { kind: "input", value: pick(uses, one).instance, input: more % 2 } as const;
      if (more % 3 === 0) return { kind: "insert", call, at: { kind: "edge", edge: end } };
      return { kind: "rewire", edge: end, from: other.id };
    },
    () => ({ kind: "delete", values: [value.id, other.id] }),
    () =>
      uses.length === 0
        ? undefined
        : { kind: "delete", values: [pick(uses, one).instance], ...(more % 4 > 0 && { instead: more % 2 }) },
    () => {
      const copied = copyOf(analysis, network.name, [value.id]);
      return copied.kind === "refused"
        ? undefined
        : { kind: "paste", chain: copied.chain, at: { kind: "after", value: other.id } };
    },
    () => {
      const attribute = network.attributes.find(({ type }) => type === "int")?.name ?? "5";
      const isRate = value.source.kind === "layer" && "rate" in value.source.arguments;
      const written = isRate ? "0.125" : pick(["7", attribute, `${attribute} * 2`], two);
      const argument = value.source.kind === "layer" ? Object.keys(value.source.arguments)[0] : undefined;
      return argument === undefined ? undefined : { kind: "argument", value: value.id, name: argument, written };
    },
    () => {
      const attribute = network.attributes.find(({ type }) => type === "int");
      return attribute && { kind: "attribute", name: attribute.name, written: String(2 + (more % 5)) };
    },
    () => ({ kind: "shape", input: value.id, dimensions: [String(1 + (more % 5))] }),
    () => {
      const training = analysis.module.trainings[one % Math.max(1, analysis.module.trainings.length)];
      const [entry, written] = pick(entries, more);
      return training && { kind: "entry", training: training.name, name: entry, ...(two % 3 > 0 && { written }) };
    },
    () => {
      const shared = paletteOf(analysis, network.name).filter(({ category }) => category.startsWith("shared"));
      if (shared.length === 0) return undefined;
      const entry = pick(shared, more);
      const behind = entry.inputs.min > 1 ? [other.id] : [];
      return {
        kind: "insert",
        call: entry.call,
        at: { kind: "after", value: value.id },
        others: { before: [], behind },
      };
    },
    () => joined({ kind: "after", value: value.id }),
    () => joined({ kind: "edge", edge }),
    () => joined({ kind: "branch", value: value.id }),
    () => ({
      kind: "several",
      gestures: [
        { kind: "insert", call, at: { kind: "after", value: value.id } },
        { kind: "rename", value: other.id, name: `name${more}` },
        { kind: "connect", from: value.id, to: other.id },
      ],
    }),
  ];
  const gesture = pick(gestures, kind)();
  return gesture && { ...gesture, network: network.name };
}

function untouchedLines(text: string, edits: readonly TextEdit[]): string[] {
  let start = 0;
  return text.split("\n").filter((line) => {
    const [from, to] = [start, start + line.length];
    start = to + 1;
    return edits.every(({ range }) => range.end < from || range.start > to);
  });
}

const commentsOf = ({ file }: Analysis): string[] => file.comments.map(({ text }) => text).sort();
const errorsOf = ({ diagnostics }: Analysis): string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);

const tally = { done: 0, refused: 0, checked: 0 };
const runs = Number(process.env.NNET_EDIT_RUNS ?? 8);

describe("any gestures on any example", () => {
  test("leave what they do not touch as it is, and mean what they say", () => {
    const property = fc.property(
      fc.nat(examples.length - 1),
      fc.array(draw, { minLength: 50, maxLength: 50 }),
      (at, draws) => {
        let state = analyze(examples[at]!);
        for (const drawn of draws) {
          const intent = intentOf(state, drawn);
          if (intent === undefined) continue;
          const result = editsFor(state, intent);
          if (result.kind === "refused") {
            expect(result.message).toMatch(/\w.*\.$/su);
            tally.refused++;
            continue;
          }
          const { edits, problems } = result;
          const text = withEdits(state.text, edits);
          // The smallest edits, in order.
          let end = 0;
          for (const { range, newText } of edits) {
            expect(range.start).toBeGreaterThanOrEqual(end);
            expect(state.text.slice(range.start, range.end)).not.toBe(newText);
            end = range.end;
          }
          expect(withEdits(text, inverse(state.text, edits))).toBe(state.text);
          const lines = new Set(text.split("\n"));
          expect(untouchedLines(state.text, edits).filter((line) => !lines.has(line))).toEqual([]);
          const undone = composed(state.text, edits, inverse(state.text, edits));
          expect(withEdits(state.text, undone)).toBe(state.text);
          const next = analyze(text);
          expect(commentsOf(next)).toEqual(commentsOf(state));
          expect(next.file.problems.length).toBe(state.file.problems.length);
          if (problems.length > 0) continue; // The next gestures begin with shapes that fit.
          expect(errorsOf(next).length).toBeLessThanOrEqual(errorsOf(state).length);
          tally.done++;
          compare(state, next, intent);
          state = next;
        }
      },
    );
    fc.assert(property, { numRuns: runs, seed: 1 });
    // Most gestures can be done, and of most it can be told what they mean.
    expect(tally.done).toBeGreaterThan(runs * 5);
    expect(tally.checked).toBeGreaterThan(runs * 2);
    if (process.env.NNET_EDIT_RUNS) console.log(tally);
  }, 600_000);
});

const countOf = ({ values }: Network): number => values.filter(({ source }) => source.kind !== "constant").length;

function compare(before: Analysis, after: Analysis, { network: name, ...gesture }: EditIntent): void {
  const numbers = new Map<string, string>();
  const shown = networksOf(before).find((network) => network.name === name)!;
  for (const network of networksOf(before)) {
    const edited = networksOf(after).find((candidate) => candidate.name === network.name);
    const expected = outputsAfter(shown, network, gesture as Gesture, numbers);
    // A block that is wrapped into another one, or expanded, may be used no more.
    if (expected === undefined || edited === undefined) continue;
    // The inputs of a block that is shown by itself are no values of the networks that use it.
    if (network.blocks?.some(({ block }) => block === name)) continue;
    const outputs = new Terms(edited, numbers).outputs;
    expect({ text: after.text, gesture, outputs }).toEqual({ text: after.text, gesture, outputs: expected });
    if (gesture.kind === "insert" || gesture.kind === "connect") {
      expect(countOf(edited)).toBeGreaterThanOrEqual(countOf(network));
      if (network === shown) expect(countOf(edited)).toBeGreaterThan(countOf(network));
    }
    tally.checked++;
  }
}

const editsOf = (text: string): fc.Arbitrary<readonly TextEdit[]> =>
  fc
    .array(
      fc.record({
        at: fc.array(fc.nat(text.length), { minLength: 2, maxLength: 2 }),
        newText: fc.string({ maxLength: 4 }),
      }),
      {
        maxLength: 4,
      },
    )
    .map((drawn) => {
      const edits = drawn.map(({ at: [one, other], newText }) => ({
        range: { start: Math.min(one!, other!), end: Math.max(one!, other!) },
        newText,
      }));
      edits.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
      return edits.filter(
        ({ range }, index) =>
          index === 0 || range.start >= Math.max(...edits.slice(0, index).map((edit) => edit.range.end)),
      );
    });

test("edits of an edited text are composed into edits of the text", () => {
  const twice = fc
    .string({ maxLength: 30 })
    .chain((text) =>
      editsOf(text).chain((first) => fc.tuple(fc.constant(text), fc.constant(first), editsOf(withEdits(text, first)))),
    );
  fc.assert(
    fc.property(twice, ([text, first, second]) => {
      const all = composed(text, first, second);
      expect(withEdits(text, all)).toBe(withEdits(withEdits(text, first), second));
      expect(all.every(({ range }, index) => index === 0 || range.start >= all[index - 1]!.range.end)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
