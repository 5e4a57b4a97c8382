// The numbers of a training in float64, through the ops' own forwards: the oracle of anything faster.

import { gather } from "../data/batches";
import type { Dataset } from "../data/dataset";
import { targetId, trainableIds } from "../model/build";
import { type Clip, clipping } from "../model/clips";
import { noRandomNumbers } from "../model/evaluate";
import { type Optimizer, optimizer, type Update } from "../model/optimizers";
import type { NdArray } from "../protocol/array";
import type { Training, ValueId } from "../protocol/network";
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
import { summarize } from "./observe";
import { type Batch, contextOf, Pass } from "./pass";
import { expectRoomToTrain } from "./room";
import { type Purpose, trainingPass } from "./training-pass";
import { CopiedWeights, type WeightChanges } from "./weight-changes";
import { freshWeights, type Weights } from "./weights";

export class Float64Computation implements Computation {
  readonly precision = "float64";
  readonly changes: WeightChanges;

  private readonly training: Training;
  private readonly input: ValueId;
  private readonly output: ValueId;
  private readonly sources: Readonly<Record<SampleSource, Dataset>>;
  private current: Weights;
  private readonly trainable: readonly ValueId[];
  private readonly optimizer: Optimizer;
  private readonly slots: OptimizerState;
  private readonly clip: Clip | undefined;
  private readonly passes = new Map<string, Pass>();

  constructor({ training, input, data, validation = data, batchSizes }: ComputationOptions) {
    const { network } = training;
    this.training = training;
    this.input = input;
    this.output = network.outputs[0]!.value;
    this.sources = { data, validation };
    const { targetShape } = data.summary;
    expectRoomToTrain(training, { batchSize: Math.max(...batchSizes), targetShape, precision: this.precision });
    this.current = freshWeights(network, training.seed);
    this.trainable = trainableIds(network);
    this.optimizer = optimizer(training.optimizer);
    this.slots = new Map(
      this.trainable.map((id) => {
        const size = this.current.get(id)!.data.length;
        return [id, Array.from({ length: this.optimizer.slots }, () => new Float64Array(size))];
      }),
    );
    this.changes = new CopiedWeights(() => this.trainedWeights());
    this.clip = training.clip && clipping(training.clip);
    for (const batchSize of batchSizes) this.pass("train", batchSize);
  }

  step(samples: Int32Array, update: Update): StepResult {
    const pass = this.pass("train", samples.length);
    const batch = this.batchOf("data", samples);
    pass.run(this.current, batch, contextOf(this.training.seed, update.step - 1));
    const gradients = this.trainable.flatMap((id) => {
      const gradient = pass.gradient(id);
      return gradient ? [{ id, gradient }] : [];
    });
    const { updates } = pass;
    const results = [...gradients.map(({ gradient }) => gradient), ...updates.map(([, next]) => next)];
    if (!Number.isFinite(pass.loss) || !results.every(allFinite)) return { kind: "notFinite" };

    const arrays = gradients.map(({ gradient }) => gradient.data);
    const clipped = this.clip ? this.clip(arrays) : arrays;
    for (const [index, { id }] of gradients.entries()) {
      this.optimizer.update(this.current.get(id)!.data, clipped[index]!, this.slots.get(id)!, update);
    }
    for (const [id, next] of updates) this.current.get(id)!.data.set(next.data);
    return { kind: "done", loss: pass.loss, output: pass.value(this.output), target: batch.target };
  }

  evaluate(source: SampleSource, samples: Int32Array): Evaluated {
    const pass = this.pass("validate", samples.length);
    const batch = this.batchOf(source, samples);
    pass.run(this.current, batch, noRandomNumbers);
    return { loss: pass.loss, output: pass.value(this.output), target: batch.target };
  }

  inspect(samples: Int32Array, step: number): Inspection {
    const pass = this.pass("observe", samples.length);
    const batch = this.batchOf("data", samples);
    pass.run(this.current, batch, contextOf(this.training.seed, step));
    const value = (id: ValueId) => (id === targetId ? batch.target : pass.value(id));
    return {
      loss: pass.loss,
      value,
      gradient: (id) => pass.gradient(id),
      quantity: (id) => {
        const gradient = pass.gradient(id);
        return { value: summarize(value(id)), ...(gradient && { gradient: summarize(gradient) }) };
      },
    };
  }

  weights(): Weights {
    return new Map([...this.current].map(([id, { shape, data }]) => [id, { shape, data: data.slice() }]));
  }

  state(): OptimizerState {
    return new Map([...this.slots].map(([id, slots]) => [id, slots.map((slot) => slot.slice())]));
  }

  restore(weights: Weights, state: OptimizerState = new Map()): void {
    for (const [id, { data }] of weights) this.current.get(id)!.data.set(data);
    for (const [id, slots] of state) {
      for (const [index, slot] of slots.entries()) this.slots.get(id)![index]!.set(slot);
    }
  }

  pack(): PackedWeights {
    const arrays = [...this.current.values()].map(({ data }) => data);
    const packed = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const array of arrays) {
      packed.set(array, offset);
      offset += array.length;
    }
    return packed;
  }

  during<Result>(weights: PackedWeights, look: () => Result): Result {
    const { current } = this;
    this.current = this.unpacked(weights);
    try {
      return look();
    } finally {
      this.current = current;
    }
  }

  close(): void {
    this.passes.clear();
  }

  private unpacked(weights: PackedWeights): Weights {
    let offset = 0;
    return new Map(
      [...this.current].map(([id, { shape, data }]) => {
        const start = offset;
        offset += data.length;
        return [id, { shape, data: Float64Array.from(weights.subarray(start, offset)) }];
      }),
    );
  }

  private trainedWeights(): Weights {
    const weights = this.weights();
    return new Map(this.trainable.map((id) => [id, weights.get(id)!]));
  }

  private batchOf(source: SampleSource, samples: Int32Array): Required<Batch> {
    const { inputs, targets } = this.sources[source];
    return { inputs: { [this.input]: gather(inputs, samples) }, target: gather(targets, samples) };
  }

  /** Passes are built once for each batch size: the last batch of an epoch may have one of its own. */
  private pass(purpose: Purpose, batchSize: number): Pass {
    const key = `${purpose} ${batchSize}`;
    const known = this.passes.get(key);
    if (known) return known;
    const { training, sources } = this;
    const { targetShape } = sources.data.summary;
    const pass = new Pass(training.network, trainingPass(training, targetShape, purpose, batchSize));
    this.passes.set(key, pass);
    return pass;
  }
}

function allFinite({ data }: NdArray): boolean {
  // 0 · NaN and 0 · ∞ are NaN, and NaN stays.
  let zero = 0;
  for (const value of data) zero += 0 * value;
  return zero === 0;
}
