// The numbers of a training in float32, on a machine: one program for each kind of pass and batch size, one or two threads.

import { copy } from "../compiler/emit/copy";
import { Machine, type Outcome } from "../compiler/machine";
import { needsHost, registersOf, type UpdateRegisters, updateInstructions, updateOnHost } from "../compiler/updates";
import type { View } from "../compiler/view";
import { gather } from "../data/batches";
import type { Dataset } from "../data/dataset";
import { targetId, trainableIds } from "../model/build";
import { noRandomNumbers } from "../model/evaluate";
import { optimizer, type Update } from "../model/optimizers";
import { sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Training, ValueId } from "../protocol/network";
import { CompiledPass } from "./compiled-pass";
import type {
  Computation,
  ComputationOptions,
  Evaluated,
  Inspection,
  OptimizerState,
  PackedWeights,
  SampleSource,
  StepResult,
} from "./computation";
import { type Float32Samples, float32Samples } from "./float32-samples";
import { KernelThread } from "./kernel-thread";
import { summarize } from "./observe";
import { ParameterMemory } from "./parameter-memory";
import { contextOf, PassGraph, type PassOptions, stepSeedOf } from "./pass";
import { expectRoomToTrain } from "./room";
import { fixedThreads, measuredThreads, type ThreadChoice } from "./thread-choice";
import { type Purpose, trainingPass } from "./training-pass";
import { MachineWeights, type WeightChanges } from "./weight-changes";
import { freshWeights, type Weights } from "./weights";

/** Bytes. */
export interface MemoryAccount {
  /** One copy of what is updated; gradients and the optimizer's slots are as large each. */
  readonly updated: number;
  /** What the step of some pass needs at once that needs the most. */
  readonly liveActivations: number;
  /** What the plans say is needed in all. */
  readonly planned: number;
  readonly allocated: number;
}

export class CompiledComputation implements Computation {
  readonly precision = "float32";

  private readonly training: Training;
  private readonly input: ValueId;
  private readonly output: ValueId;
  private readonly sources: Readonly<Record<SampleSource, Dataset>>;
  private readonly samples: Readonly<Record<SampleSource, Float32Samples>>;
  private readonly trainable: readonly ValueId[];
  private readonly machine = new Machine();
  private readonly memory: ParameterMemory;
  /** Set when the optimizer or the clip has no kernel. */
  private readonly updatesOnHost: boolean;
  private readonly registers: (update: Update) => UpdateRegisters;
  private readonly passes: { readonly [P in Purpose]: Map<number, CompiledPass> } = {
    train: new Map(),
    validate: new Map(),
    observe: new Map(),
  };
  /** Takes room for a copy of the weights, so it is made when somebody asks for it. */
  private knownChanges: WeightChanges | undefined;
  private second: KernelThread | undefined;
  private readonly choice: ThreadChoice;

  /** `threads` is how many there are in every run; chosen by measurement when absent. The numbers are the same. */
  constructor({ training, input, data, validation = data, batchSizes }: ComputationOptions, threads?: 1 | 2) {
    const { network } = training;
    this.training = training;
    this.input = input;
    this.output = network.outputs[0]!.value;
    this.sources = { data, validation };
    this.samples = { data: float32Samples(data), validation: float32Samples(validation) };
    this.trainable = trainableIds(network);
    const { targetShape } = data.summary;
    expectRoomToTrain(training, { batchSize: Math.max(...batchSizes), targetShape, precision: this.precision });
    const [batchSize = training.batchSize] = batchSizes;
    const options = this.optionsOf("train", batchSize);
    // It says which parameters gradients reach, and is the first pass's own.
    const graph = new PassGraph(network, options);
    const updated = new Set(graph.gradients.keys());
    const { slots } = optimizer(training.optimizer);
    this.memory = new ParameterMemory(this.machine, network.parameters, updated, slots);
    this.registers = registersOf(training.optimizer);
    this.updatesOnHost = needsHost(training.optimizer, training.clip);
    this.restore(freshWeights(network, training.seed));
    this.addPass("train", options, graph);
    for (const size of batchSizes) this.pass("train", size);
    const second = { start: () => void this.startSecond(), isReady: () => this.second?.isReady ?? false };
    this.choice = threads === undefined ? measuredThreads(second) : fixedThreads(threads);
    if (threads === 2) this.startSecond().wait();
  }

  step(samples: Int32Array, update: Update): StepResult {
    const pass = this.pass("train", samples.length);
    const start = performance.now();
    this.machine.setUpdate(this.registers(update));
    const { kind } = this.run(pass, "data", samples, update.step - 1);
    if (kind === "notFinite") return { kind };
    if (this.updatesOnHost) this.updateOnHost(update);
    const end = performance.now();
    this.choice.took(end - start, end);
    return new CompiledStep(pass, this.output, this.sources.data, samples);
  }

  evaluate(source: SampleSource, samples: Int32Array): Evaluated {
    const pass = this.pass("validate", samples.length);
    this.run(pass, source, samples, 0);
    return new CompiledStep(pass, this.output, this.sources[source], samples);
  }

  inspect(samples: Int32Array, step: number): Inspection {
    const pass = this.pass("observe", samples.length);
    this.run(pass, "data", samples, step);
    const target = gather(this.sources.data.targets, samples);
    return {
      loss: pass.loss,
      value: (id) => (id === targetId ? target : pass.read(pass.value(id))),
      gradient: (id) => {
        const view = pass.gradient(id);
        return view && pass.read(view);
      },
      quantity: (id) => {
        const gradient = pass.gradient(id);
        return {
          value: id === targetId ? summarize(target) : pass.summary(pass.value(id)),
          ...(gradient && { gradient: pass.summary(gradient) }),
        };
      },
    };
  }

  get changes(): WeightChanges {
    this.knownChanges ??= new MachineWeights(this.machine, this.memory);
    return this.knownChanges;
  }

  weights(): Weights {
    return new Map([...this.memory.weights].map(([id, view]) => [id, this.machine.read(view)]));
  }

  state(): OptimizerState {
    const { slots } = this.memory;
    const { length } = this.memory.updated.slots;
    return new Map(
      this.trainable.map((id) => {
        const views = slots.get(id);
        const size = this.machine.numbers(this.memory.weights.get(id)!).length;
        // What no gradient reaches is never updated: its slots stay as they began.
        const untouched = () => Array.from({ length }, () => new Float64Array(size));
        return [id, views ? views.map((view) => this.machine.read(view).data) : untouched()];
      }),
    );
  }

  restore(weights: Weights, state: OptimizerState = new Map()): void {
    for (const [id, { data }] of weights) this.machine.numbers(this.memory.weights.get(id)!).set(data);
    for (const [id, slots] of state) {
      for (const [index, view] of (this.memory.slots.get(id) ?? []).entries()) {
        this.machine.numbers(view).set(slots[index]!);
      }
    }
  }

  pack(): PackedWeights {
    return this.machine.numbers(this.memory.all).slice();
  }

  during<Result>(weights: PackedWeights, look: () => Result): Result {
    // Asked for twice: looking may make programs, and with them another memory.
    const numbers = () => this.machine.numbers(this.memory.all);
    const current = this.pack();
    numbers().set(weights);
    try {
      return look();
    } finally {
      numbers().set(current);
    }
  }

  /** What has been made so far needs, in bytes. */
  get memoryAccount(): MemoryAccount {
    const { machine, memory } = this;
    const passes = Object.values(this.passes).flatMap((ofSize) => [...ofSize.values()]);
    const live = passes.map((pass) => pass.liveSize);
    return {
      updated: 4 * sizeOf(memory.updated.weights.shape),
      liveActivations: Math.max(0, ...live),
      planned: machine.planned,
      allocated: machine.size,
    };
  }

  close(): void {
    if (this.second?.isReady) this.machine.close();
    else this.second?.terminate();
    this.second = undefined;
    for (const ofSize of Object.values(this.passes)) ofSize.clear();
  }

  /** With the random numbers of the update after `step`. */
  private run(pass: CompiledPass, source: SampleSource, samples: Int32Array, step: number): Outcome {
    const { seed } = this.training;
    if (pass.isRandom) this.machine.setStepSeed(stepSeedOf(seed, step));
    pass.feed(this.input, this.samples[source], samples);
    return pass.run(pass.needsHost ? contextOf(seed, step) : noRandomNumbers, this.choice.threads);
  }

  private startSecond(): KernelThread {
    this.second ??= new KernelThread(this.machine.shared);
    return this.second;
  }

  private updateOnHost(update: Update): void {
    const { optimizer, clip } = this.training;
    const { weights, gradients, slots } = this.memory.updated;
    const numbers = (view: View) => this.machine.numbers(view);
    const stretch = { weights: numbers(weights), gradients: numbers(gradients), slots: slots.map(numbers) };
    updateOnHost(optimizer, clip, stretch, update);
  }

  /** Made once for each batch size: the last batch of an epoch may have one of its own. */
  private pass(purpose: Purpose, batchSize: number): CompiledPass {
    const known = this.passes[purpose].get(batchSize);
    return known ?? this.addPass(purpose, this.optionsOf(purpose, batchSize));
  }

  private optionsOf(purpose: Purpose, batchSize: number): PassOptions {
    return trainingPass(this.training, this.sources.data.summary.targetShape, purpose, batchSize);
  }

  private addPass(
    purpose: Purpose,
    options: PassOptions,
    graph = new PassGraph(this.training.network, options),
  ): CompiledPass {
    const pass = new CompiledPass(this.machine, this.memory, {
      graph,
      values: options.values,
      ...(purpose === "train" && { updates: true, after: (pass) => this.updateAfter(pass) }),
      ...(purpose === "observe" && { summarizes: true }),
    });
    this.passes[purpose].set(options.batchSize, pass);
    return pass;
  }

  /** Nothing is written to parameters before all of it is known to be finite. */
  private updateAfter(pass: CompiledPass) {
    const { optimizer, clip } = this.training;
    const { updated, weights } = this.memory;
    const { updates, lossView } = pass;
    return [
      ...updateInstructions(optimizer, clip, updated, [lossView, ...updates.map(([, next]) => next)]),
      ...updates.map(([id, next]) => copy(weights.get(id)!, next)),
    ];
  }
}

/** What a run gave; its arrays are made when somebody asks for them. */
class CompiledStep implements Evaluated {
  readonly kind = "done";
  readonly loss: number;

  constructor(
    private readonly pass: CompiledPass,
    private readonly id: ValueId,
    private readonly data: Dataset,
    private readonly samples: Int32Array,
  ) {
    this.loss = pass.loss;
  }

  get output(): NdArray {
    return this.pass.read(this.pass.value(this.id));
  }

  get target(): NdArray {
    return gather(this.data.targets, this.samples);
  }
}
