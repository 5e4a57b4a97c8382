// A pass as a program of a machine: samples in; loss, values and gradients out.

import type { Instruction } from "../compiler/instruction";
import type { Machine, Outcome, Program } from "../compiler/machine";
import { Opcode } from "../compiler/opcodes";
import { plan } from "../compiler/plan";
import { readSummary, summariesSize, summarize, summaryView } from "../compiler/summary";
import type { Buffer, View } from "../compiler/view";
import { targetId } from "../model/build";
import type { Tensor } from "../model/graph";
import type { RunContext } from "../model/op";
import type { NdArray } from "../protocol/array";
import type { ValueId } from "../protocol/network";
import type { TensorSummary } from "../protocol/snapshot";
import { type Float32Samples, gatherInto } from "./float32-samples";
import { isSmall } from "./observe";
import type { ParameterMemory } from "./parameter-memory";
import type { PassGraph } from "./pass";

export interface CompiledPassOptions {
  readonly graph: PassGraph;
  /** Values and parameters to compute, besides the loss. */
  readonly values: readonly ValueId[];
  /** Set when gradients of parameters are to stand where the update looks for them. */
  readonly updates?: true;
  /** Set when summaries of values and gradients are wanted, besides their numbers. */
  readonly summarizes?: true;
  /** What is done at the end, given the views of loss, values, gradients and next running parameters. */
  after?(pass: CompiledPass): readonly Instruction[];
}

export class CompiledPass {
  private readonly machine: Machine;
  private readonly graph: PassGraph;
  private readonly program: Program;
  /** Whether it draws random numbers. */
  readonly isRandom: boolean;
  /** Whether some of its ops have no kernel. */
  readonly needsHost: boolean;
  private readonly views = new Map<Tensor, View>();
  /** Where the summary of each view is. */
  private readonly summaryOf = new Map<View, View>();
  /** The numbers of views, as long as the machine is of this version. */
  private numbers: { readonly version: number; readonly of: Map<View, Float32Array> };

  /** Throws RangeError when there is no room. */
  constructor(machine: Machine, memory: ParameterMemory, options: CompiledPassOptions) {
    const { graph, values, updates } = options;
    this.machine = machine;
    this.graph = graph;
    const others = [...values.map((id) => graph.tensor(id)), ...(graph.loss ? [graph.loss] : [])];
    // By position: parameters that are added to each other share a gradient, and each has a place for it.
    const places = [...others.map(() => undefined), ...gradientPlaces(graph, memory)];
    const wanted = [...others, ...graph.gradients.values(), ...graph.updates.values()];
    const made = plan({
      wanted,
      feedAt: (name) => memory.weights.get(name)?.buffer,
      ...(updates && { places }),
      after: (views) => {
        for (const [position, tensor] of wanted.entries()) this.views.set(tensor, views[position]!);
        return [...(options.after?.(this) ?? []), ...(options.summarizes ? this.summaries(wanted) : [])];
      },
    });
    this.program = machine.add(made);
    this.isRandom = made.operations.some(({ op }) => op?.definition.random);
    this.needsHost = made.steps.some(({ instruction }) => instruction.opcode === Opcode.host);
    this.numbers = { version: machine.version, of: new Map() };
  }

  /** Puts samples on an input of the network, and their targets on the loss. */
  feed(input: ValueId, { inputs, targets }: Float32Samples, samples: Int32Array): void {
    this.put(input, inputs, samples);
    this.put(targetId, targets, samples);
  }

  run(context: RunContext, threads: number): Outcome {
    return this.machine.run(this.program, context, threads);
  }

  /** Bytes of activations it needs at once. */
  get liveSize(): number {
    return this.program.plan.liveSize;
  }

  get lossView(): View {
    return this.view(this.graph.loss!);
  }

  value(id: ValueId): View {
    return this.view(this.graph.tensor(id));
  }

  /** Undefined where no gradient flows. */
  gradient(id: ValueId): View | undefined {
    const tensor = this.graph.gradients.get(id);
    return tensor && this.view(tensor);
  }

  /** What running parameters are after the batch. */
  get updates(): readonly (readonly [ValueId, View])[] {
    return [...this.graph.updates].map(([id, tensor]) => [id, this.view(tensor)]);
  }

  /** Of the last run. */
  get loss(): number {
    return this.numbersOf(this.lossView)[0]!;
  }

  /** Of a value or gradient, for a pass that summarizes. */
  summary(view: View): TensorSummary {
    const place = this.summaryOf.get(view)!;
    const summary = readSummary(view.shape, this.machine.numbers(place));
    return isSmall(view.shape) ? { ...summary, elements: [...this.numbersOf(view)] } : summary;
  }

  /** A copy. */
  read(view: View): NdArray {
    return { shape: view.shape, data: new Float64Array(this.numbersOf(view)) };
  }

  /** The numbers themselves, until the next run. */
  numbersOf(view: View): Float32Array {
    const { machine } = this;
    if (this.numbers.version !== machine.version) this.numbers = { version: machine.version, of: new Map() };
    const { of } = this.numbers;
    const known = of.get(view) ?? machine.numbers(view, this.program);
    of.set(view, known);
    return known;
  }

  private summaries(tensors: readonly Tensor[]): readonly Instruction[] {
    const views = [...new Set(tensors.map((tensor) => this.view(tensor)))];
    const summaries = this.machine.keep(summariesSize(views.length));
    for (const [position, view] of views.entries()) this.summaryOf.set(view, summaryView(summaries, position));
    return summarize(views, summaries);
  }

  private put(name: string, all: Float32Array, samples: Int32Array): void {
    const view = this.program.plan.feeds.get(name);
    if (!view) return;
    const numbers = this.numbersOf(view);
    gatherInto(numbers, all, samples, numbers.length / samples.length);
  }

  private view(tensor: Tensor): View {
    const view = this.views.get(tensor);
    if (!view) throw new Error("The pass was not asked for this.");
    return view;
  }
}

/** Where the update looks for each gradient; those of values are for nobody but who asks. */
function gradientPlaces({ gradients }: PassGraph, memory: ParameterMemory): (Buffer | undefined)[] {
  return [...gradients.keys()].map((id) => memory.gradients.get(id)?.buffer);
}
