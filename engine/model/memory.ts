// How much memory a training needs: told from the shapes of its Graph, before anything is allocated.

import type { Shape } from "../protocol/array";
import type { Network, Training, Value, ValueId } from "../protocol/network";
import { build, buildLoss, trainableIds, trainingLoss } from "./build";
import { neededNodes } from "./evaluate";
import type { GraphNode, Tensor } from "./graph";
import { optimizer } from "./optimizers";
import { formatShape, sizeOf } from "./shape";

/** What numbers are kept in. In float64 each result has room of its own; in float32 results share it as they can. */
export type Precision = "float64" | "float32";

const bytesPerNumber: { readonly [P in Precision]: number } = { float64: 8, float32: 4 };

const addressable = 2 ** 32; // Bytes: a WebAssembly memory, which float32 runs in, has 32-bit addresses.

export interface MemoryNeed {
  /** Bytes: parameters, what the optimizer remembers of them, and all that one step computes. */
  readonly bytes: number;
  /** What most of it is for: a layer, which is told as the value it gives, a declared parameter or another value. */
  readonly largest: { readonly value: ValueId; readonly name: string; readonly bytes: number } | undefined;
}

export interface StepShape {
  readonly batchSize: number;
  /** Of one sample. */
  readonly targetShape: Shape;
  readonly precision: Precision;
}

/**
 * Data, batches and what is only looked at left out. In float64 it is what will be allocated. In float32 it is an estimate,
 * because one kernel may do the work of several ops, and products pack what they read: within two fifths of what is planned
 * for networks of some size. Throws ShapeError when loss and target do not fit.
 */
export function memoryOfTraining(training: Training, { batchSize, targetShape, precision }: StepShape): MemoryNeed {
  const { network, optimizer: call } = training;
  const built = build(network, { batchSize, mode: "train" });
  const builtLoss = buildLoss(built, network, trainingLoss(training, targetShape));
  const forwardEnd = built.graph.nodes.length;
  const gradients = builtLoss.gradients(trainableIds(network));
  const wanted = [
    built.tensors.get(network.outputs[0]!.value)!,
    builtLoss.loss,
    ...gradients.values(),
    ...built.updates.values(),
  ];
  const numbers = new Tally(network);
  const { slots } = optimizer(call);
  for (const parameter of network.parameters) {
    const copies = parameter.trainable ? 1 + slots : 1;
    numbers.add(parameter.id, copies * sizeOf(parameter.shape));
  }
  const parameters = new Map([...gradients].map(([id, { index }]) => [index, id]));
  for (const { index, size } of precision === "float64" ? results(wanted) : liveAtPeak(wanted)) {
    const node = built.graph.nodes[index]!;
    // A gradient on the way is made by the layer behind, which is not the one to blame.
    const forward = node.kind === "op" && index < forwardEnd ? node.origin : undefined;
    numbers.add(parameters.get(index) ?? forward, size);
  }
  return numbers.need(bytesPerNumber[precision]);
}

/** Of the parameters alone. */
export function memoryOfParameters(network: Network, precision: Precision): MemoryNeed {
  const numbers = new Tally(network);
  for (const { id, shape } of network.parameters) numbers.add(id, sizeOf(shape));
  return numbers.need(bytesPerNumber[precision]);
}

/**
 * Whether so many bytes are enough beyond doubt, told without building the Graph. No layer computes more numbers at once than
 * the square of what it gives or gets, as attention does; `opsPerValue` results of that size is more than any has.
 */
export function surelyFits({ network, optimizer: call }: Training, batchSize: number, available: number): boolean {
  const numbers = network.parameters.reduce((sum, { shape }) => sum + (2 + optimizer(call).slots) * sizeOf(shape), 0);
  const squares = network.values.reduce((sum, { shape = [] }) => sum + sizeOf(shape) ** 2, 0);
  return bytesPerNumber.float32 * (numbers + opsPerValue * batchSize * squares) <= available;
}

const opsPerValue = 16;

/** Why so much does not fit; undefined when it does. */
export function shortage({ bytes, largest }: MemoryNeed, available: number): string | undefined {
  if (bytes <= available) return undefined;
  const most = largest ? `: ${formatBytes(largest.bytes)} of it for ${largest.name}` : "";
  return `needs about ${formatBytes(bytes)} of memory, and can have ${formatBytes(available)}${most}`;
}

/** What can be had on a machine with so many bytes. */
export function memoryFor(precision: Precision, machine: number): number {
  return precision === "float32" ? Math.min(machine, addressable) : machine;
}

/** `96 GB`, `1.5 GB`, `20 MB`. */
function formatBytes(bytes: number): string {
  const unit = [1e15, 1e12, 1e9].find((each) => bytes >= each) ?? 1e6;
  const name = { 1e15: "PB", 1e12: "TB", 1e9: "GB", 1e6: "MB" }[unit];
  return `${Number((bytes / unit).toPrecision(2))} ${name}`;
}

/** Numbers of each layer, declared parameter or value. */
class Tally {
  private readonly sizes = new Map<ValueId, number>();
  /** Whose numbers those of a value or a parameter are: a layer's instance's, else its own. */
  private readonly owners: ReadonlyMap<ValueId, ValueId>;
  /** The value that an owner is told as. */
  private readonly told: ReadonlyMap<ValueId, Value>;

  constructor({ values, parameters }: Network) {
    const ownerOf = ({ id, source }: Value): ValueId => (source.kind === "layer" ? source.instance : id);
    this.owners = new Map([
      ...values.map((value) => [value.id, ownerOf(value)] as const),
      ...parameters.map(({ id, instance = id }) => [id, instance] as const),
    ]);
    this.told = new Map(values.map((value) => [ownerOf(value), value]));
  }

  /** Of a value or a parameter; undefined for what is nobody's. */
  add(id: ValueId | undefined, numbers: number): void {
    const owner = id === undefined ? "" : (this.owners.get(id) ?? id);
    this.sizes.set(owner, (this.sizes.get(owner) ?? 0) + numbers);
  }

  need(bytesEach: number): MemoryNeed {
    const bytesOf = (owner: ValueId): number => (this.sizes.get(owner) ?? 0) * bytesEach;
    let largest: MemoryNeed["largest"];
    for (const [owner, value] of this.told) {
      const bytes = bytesOf(owner);
      if (bytes > (largest?.bytes ?? 0)) largest = { value: value.id, name: nameOf(value), bytes };
    }
    const total = [...this.sizes.keys()].reduce((sum, owner) => sum + bytesOf(owner), 0);
    return { bytes: total, largest };
  }
}

/** `h (Dense)`, `Dense [64]`, `X @ W [64]` */
function nameOf({ name, title, source, shape = [] }: Value): string {
  if (name === undefined) return `${title} ${formatShape(shape)}`;
  return source.kind === "layer" ? `${name} (${source.layer})` : name;
}

interface Result {
  /** Of its node. */
  readonly index: number;
  /** Numbers. */
  readonly size: number;
}

function results(wanted: readonly Tensor[]): Result[] {
  return neededNodes(wanted).flatMap(([index, node]) =>
    node.kind === "op" ? [{ index, size: sizeOf(node.shape) }] : [],
  );
}

/** Ops whose result is the same numbers in another order or number: it needs no room of its own. */
const views: ReadonlySet<string> = new Set(["reshape", "broadcastTo", "transpose", "slice"]);

interface Room extends Result {
  /** The step that computes it. */
  readonly first: number;
  /** The last one that reads it, or one more than all of them. */
  last: number;
  /** Of the results that it may be written over, when nobody needs them afterwards. */
  readonly replaceable: readonly Room[];
}

/** What is needed at once in the step of the computation that needs the most. */
function liveAtPeak(wanted: readonly Tensor[]): readonly Result[] {
  const nodes = neededNodes(wanted);
  /** Whose room a node's numbers stand in. */
  const rooms = new Map<number, Room>();
  for (const [at, [index, node]] of nodes.entries()) {
    if (node.kind !== "op") continue;
    const inputs = node.inputs.flatMap((input) => rooms.get(input.index) ?? []);
    for (const room of inputs) room.last = at;
    if (views.has(node.op.definition.name)) {
      if (inputs[0]) rooms.set(index, inputs[0]);
      continue;
    }
    const size = sizeOf(node.shape);
    const replaceable = isElementwise(node) ? inputs.filter((input) => input.size === size) : [];
    rooms.set(index, { index, size, first: at, last: at, replaceable });
  }
  for (const { index } of wanted) {
    const room = rooms.get(index);
    if (room) room.last = nodes.length;
  }
  const all = [...new Set(rooms.values())];
  for (const { first, replaceable } of all) {
    const replaced = replaceable.find(({ last }) => last === first);
    if (replaced) replaced.last = first - 1;
  }
  const peak = largestMoment(all, nodes.length + 1);
  return all.filter(({ first, last }) => first <= peak && peak <= last);
}

const isElementwise = ({ op }: GraphNode & { kind: "op" }): boolean => {
  const { kind } = op.definition.notation ?? {};
  return kind === "element" || kind === "mask";
};

function largestMoment(rooms: readonly Room[], moments: number): number {
  const changes = new Float64Array(moments + 1);
  for (const { first, last, size } of rooms) {
    changes[first]! += size;
    changes[last + 1]! -= size;
  }
  let live = 0;
  let most = 0;
  let peak = 0;
  for (const [moment, change] of changes.entries()) {
    live += change;
    if (live <= most) continue;
    most = live;
    peak = moment;
  }
  return peak;
}
