// Operations → Plan: views instead of copies where numbers only move, an instruction for each operation with a kernel, a
// place in the arena for each buffer as long as it is needed. Runs nothing and knows no address of the arena.

import type { Tensor } from "../model/graph";
import { sizeOf } from "../model/shape";
import type { Shape } from "../protocol/array";
import type { ValueId } from "../protocol/network";
import { emitters } from "./emit";
import { copy } from "./emit/copy";
import { fused } from "./fuse";
import type { Instruction } from "./instruction";
import { arrange } from "./lifetimes";
import { Opcode } from "./opcodes";
import { type Index, type Operation, type OpOperation, operationsOf } from "./operations";
import {
  type Buffer,
  broadcastView,
  contiguousView,
  isContiguous,
  reshaped,
  sliced,
  transposed,
  type View,
} from "./view";

export interface PlanOptions {
  readonly wanted: readonly Tensor[];
  /** Where the feed of a name stands, when the machine keeps it: parameters. */
  feedAt(name: string): Buffer | undefined;
  /** Where each wanted tensor is to stand, when the machine wants it somewhere: gradients of parameters. */
  readonly places?: readonly (Buffer | undefined)[];
  /** What is done once the wanted tensors are there, given where they stand. */
  after?(views: readonly View[]): readonly Instruction[];
}

export interface Plan {
  /** What is computed, in order. */
  readonly operations: readonly OpOperation[];
  readonly steps: readonly Step[];
  /** Feeds that are written before each run, by name. */
  readonly feeds: ReadonlyMap<string, View>;
  /** The wanted tensors in their order. */
  readonly views: readonly View[];
  /** Bytes from the arena's start, for every buffer that lives there. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly arenaSize: number;
  /** Bytes of the arena that are needed at once: no arrangement could do with less. */
  readonly liveSize: number;
  /** Bytes each thread needs. */
  readonly scratchSize: number;
  readonly constants: readonly Buffer[];
}

export interface Step {
  readonly instruction: Instruction;
  readonly reads: readonly Buffer[];
  readonly writes?: Buffer;
  /** Inputs that the result may be written over. */
  readonly replaceable: readonly Buffer[];
  /** The value of the Network it was made for. */
  readonly origin: ValueId | undefined;
  /** What the step computes, to run it without its kernel. */
  readonly computes:
    | { readonly operation: OpOperation; readonly y: View; readonly inputs: readonly View[] }
    | undefined;
}

export function plan(options: PlanOptions): Plan {
  const { list, wanted } = fused(operationsOf(options.wanted));
  const planner = new Planner(list, options, placesOf(wanted, options));
  for (const index of list.keys()) planner.add(index);
  const views = wanted.map((index, position) => planner.wanted(index, options.places?.[position]));
  const { feeds, constants } = planner;
  const steps = [...planner.steps, ...(options.after?.(views) ?? []).map(afterwards)];
  const pinned = [...views, ...feeds.values()].map(({ buffer }) => buffer);
  const { offsets, size, live } = arrange(steps, pinned);
  const scratchSize = Math.max(0, ...steps.map(({ instruction }) => instruction.scratch ?? 0));
  const operations = list.filter((operation) => operation.kind === "op");
  return { operations, steps, feeds, views, offsets, arenaSize: size, liveSize: live, scratchSize, constants };
}

/** The first place of each operation: two wanted tensors may be one. */
function placesOf(wanted: readonly Index[], { places = [] }: PlanOptions): ReadonlyMap<Index, Buffer> {
  const first = new Map<Index, Buffer>();
  for (const [position, index] of wanted.entries()) {
    const place = places[position];
    if (place && !first.has(index)) first.set(index, place);
  }
  return first;
}

/** All it reads is kept to the end anyway. */
function afterwards(instruction: Instruction): Step {
  return { instruction, reads: [], replaceable: [], origin: undefined, computes: undefined };
}

class Planner {
  readonly steps: Step[] = [];
  readonly feeds = new Map<string, View>();
  readonly constants: Buffer[] = [];
  private readonly views: View[] = [];

  constructor(
    private readonly list: readonly Operation[],
    private readonly options: PlanOptions,
    private readonly places: ReadonlyMap<Index, Buffer>,
  ) {}

  add(index: Index): void {
    this.views[index] = this.viewOf(index, this.list[index]!);
  }

  /** Where a wanted tensor stands at the end, contiguous, and in `place` when there is one. */
  wanted(index: Index, place: Buffer | undefined): View {
    const view = this.views[index]!;
    if (place && view.buffer !== place) return this.copied(view, place);
    return isContiguous(view) ? view : this.copied(view, arenaBuffer(view.shape));
  }

  private viewOf(index: Index, operation: Operation): View {
    switch (operation.kind) {
      case "feed": {
        const kept = this.options.feedAt(operation.name);
        if (kept) return contiguousView(kept, operation.shape);
        const view = contiguousView(arenaBuffer(operation.shape), operation.shape);
        this.feeds.set(operation.name, view);
        return view;
      }
      case "constant": {
        const { data, shape } = operation;
        const buffer: Buffer = { size: data.length, place: { kind: "constant", data } };
        this.constants.push(buffer);
        if (data.length === sizeOf(shape)) return contiguousView(buffer, shape);
        return { buffer, offset: 0, shape, strides: shape.map(() => 0) };
      }
      case "op":
        return this.moved(operation) ?? this.computed(index, operation);
      default:
        return operation satisfies never;
    }
  }

  /** Ops that give the same numbers in another order or number need no instruction. */
  private moved({ name, inputs, attributes, shape }: OpOperation): View | undefined {
    const [x] = inputs.map((input) => this.views[input]!);
    if (!x) return undefined;
    switch (name) {
      case "reshape":
        return reshaped(x, shape) ?? reshaped(this.contiguous(x), shape);
      case "broadcastTo":
        return broadcastView(x, shape);
      case "transpose":
        return transposed(x, (attributes as { order: readonly number[] }).order);
      case "slice": {
        const { axis, start, end } = attributes as { axis: number; start: number; end: number };
        return sliced(x, axis, start, end);
      }
      default:
        return undefined;
    }
  }

  private computed(index: Index, operation: OpOperation): View {
    const { name, inputs, attributes, shape } = operation;
    const y = contiguousView(this.places.get(index) ?? arenaBuffer(shape), shape);
    const emitter = emitters[name];
    const strided = emitter?.strided === true ? inputs.length : (emitter?.strided ?? 0);
    const standing = inputs.map((input, position) => {
      const view = this.views[input]!;
      return position < strided ? view : this.contiguous(view);
    });
    const direct = emitter?.emit(y, standing, attributes as never);
    // Strides may be too many for a kernel, and forwards know none.
    const views = direct ? standing : standing.map((view) => this.contiguous(view));
    const instruction = direct ?? emitter?.emit(y, views, attributes as never) ?? this.onHost(operation);
    const replaceable = emitter?.inPlace && instruction.opcode !== Opcode.host ? replaceableBy(y, views) : [];
    this.steps.push({
      instruction,
      reads: views.map(({ buffer }) => buffer),
      writes: y.buffer,
      replaceable,
      origin: operation.origin,
      computes: operation.op && { operation, y, inputs: views },
    });
    return y;
  }

  private onHost({ op, name }: OpOperation): Instruction {
    if (!op) throw new Error(`${name} has neither a kernel nor a forward.`);
    return { opcode: Opcode.host, units: 1, work: 0, words: [this.steps.length] };
  }

  private contiguous(view: View): View {
    return isContiguous(view) ? view : this.copied(view, arenaBuffer(view.shape));
  }

  private copied(view: View, buffer: Buffer): View {
    const y = contiguousView(buffer, view.shape);
    this.steps.push({
      instruction: copy(y, view),
      reads: [view.buffer],
      writes: buffer,
      replaceable: [],
      origin: undefined,
      computes: undefined,
    });
    return y;
  }
}

function arenaBuffer(shape: Shape): Buffer {
  return { size: sizeOf(shape), place: { kind: "arena" } };
}

/** Inputs whose numbers stand exactly where those of y would: whole buffers of the arena. */
function replaceableBy(y: View, inputs: readonly View[]): Buffer[] {
  if (y.buffer.place.kind !== "arena") return [];
  const covers = (x: View) => x.buffer.size === y.buffer.size && x.offset === 0 && isContiguous(x);
  const readOtherwise = new Set(inputs.filter((x) => !covers(x)).map(({ buffer }) => buffer));
  return inputs
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer.place.kind === "arena" && !readOtherwise.has(buffer));
}
