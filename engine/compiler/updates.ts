// Optimizers and clips as instructions at the end of a program, and as work of the host where there is no kernel for them.
// All numbers that are updated stand in one stretch, gradients and slots at the same offsets as their weights.

import { type ClipRule, clipping, clipRule } from "../model/clips";
import { optimizer, type Update, type UpdateRule } from "../model/optimizers";
import { sizeOf } from "../model/shape";
import type { Call } from "../protocol/catalog";
import type { Instruction, Word } from "./instruction";
import { lineNumbers, mostArguments, mostSums } from "./layout";
import { Opcode } from "./opcodes";
import { registers } from "./registers";
import type { View } from "./view";

/** What an update reads and writes: views of one shape [size], where size is a multiple of `lineNumbers`. */
export interface Stretch<Numbers = View> {
  readonly weights: Numbers;
  readonly gradients: Numbers;
  /** In the optimizer's order. */
  readonly slots: readonly Numbers[];
}

/** What an instruction of an update reads from `registers`. */
export interface UpdateRegisters {
  readonly learningRate: number;
  readonly correction1: number;
  readonly correction2: number;
}

// What keeps means from becoming too small for full precision. The root of the least mean, 1e-15, is nothing to any usual ε;
// the square of the least gradient is the least mean.
const leastMean = 1e-30;
const leastGradient = 1e-15;
const guards: readonly Word[] = [0x7fffffff, { float: leastGradient }, { float: leastMean }];

// 0 / (√0 + ε) is to be 0, so ε must not become 0 as a float32.
const leastEpsilon = 2 ** -126;

/** The program ends here when one of the views has a number that is NaN or infinite. */
function expectFinite(views: readonly View[]): Instruction[] {
  const most = Math.floor((mostArguments - 1) / 2);
  return Array.from({ length: Math.ceil(views.length / most) }, (_, part) => {
    const some = views.slice(part * most, (part + 1) * most);
    return {
      opcode: Opcode.expectFinite,
      units: some.reduce((lines, { shape }) => lines + linesOf(sizeOf(shape)), 0),
      work: some.reduce((work, { shape }) => work + 0.06 * sizeOf(shape), 0),
      words: [some.length, ...some.flatMap((view): Word[] => [{ at: view }, sizeOf(view.shape)])],
      mayFault: true,
    };
  });
}

/**
 * What a program does at its end: it goes on only when the gradients and `others` are finite, then clips, then updates
 * weights and slots. Where `needsHost`, it only sees to it that all is finite.
 */
export function updateInstructions(
  call: Call,
  clip: Call | undefined,
  stretch: Stretch,
  others: readonly View[],
): Instruction[] {
  const { rule } = optimizer(call);
  const clipped = clip && clipRule(clip);
  const finite = expectFinite([stretch.gradients, ...others]);
  if (!rule || (clip && !clipped)) return finite;
  const clips = clipped ? clipInstructions(clipped, stretch.gradients) : [];
  return [...finite, ...clips, updateInstruction(rule, stretch)];
}

/** Whether the optimizer or the clip has no kernel, so that `updateOnHost` must follow a run that ended well. */
export function needsHost(call: Call, clip: Call | undefined): boolean {
  return !optimizer(call).rule || (clip !== undefined && !clipRule(clip));
}

/** What the registers must hold for each update. */
export function registersOf(call: Call): (update: Update) => UpdateRegisters {
  const { rule } = optimizer(call);
  if (rule?.kind !== "adam") return ({ rate }) => ({ learningRate: rate, correction1: 1, correction2: 1 });
  const { beta1, beta2 } = rule;
  return ({ step, rate }) => ({
    learningRate: rate,
    correction1: 1 - beta1 ** step,
    correction2: Math.sqrt(1 - beta2 ** step),
  });
}

/** The update in float64, on numbers of a machine. */
export function updateOnHost(call: Call, clip: Call | undefined, stretch: Stretch<Float32Array>, update: Update): void {
  const gradients = [Float64Array.from(stretch.gradients)];
  const [gradient] = clip ? clipping(clip)(gradients) : gradients;
  const weights = Float64Array.from(stretch.weights);
  const slots = stretch.slots.map((slot) => Float64Array.from(slot));
  optimizer(call).update(weights, gradient!, slots, update);
  stretch.weights.set(weights);
  for (const [position, slot] of slots.entries()) stretch.slots[position]!.set(slot);
}

function clipInstructions(rule: ClipRule, gradients: View): Instruction[] {
  const size = sizeOf(gradients.shape);
  const limit = { float: rule.limit };
  switch (rule.kind) {
    case "norm": {
      // Parts depend on the size alone, so the sum does not depend on threads.
      const ofPart = Math.max(1, Math.ceil(linesOf(size) / mostSums));
      const parts = Math.ceil(linesOf(size) / ofPart);
      const words = [{ at: gradients }, linesOf(size), ofPart];
      return [
        { opcode: Opcode.sumSquares, units: parts, work: 0.3 * size, words },
        flat(Opcode.clipNorm, size, 0.15, [{ at: gradients }, parts, limit]),
      ];
    }
    case "value":
      return [flat(Opcode.clipValue, size, 0.15, [{ at: gradients }, limit])];
    default:
      return rule satisfies never;
  }
}

function updateInstruction(rule: UpdateRule, { weights, gradients, slots }: Stretch): Instruction {
  const size = sizeOf(weights.shape);
  const all = [weights, gradients, ...slots].map((view) => ({ at: view }));
  const { learningRate, correction1, correction2 } = registers;
  switch (rule.kind) {
    case "gradientDescent":
      return flat(Opcode.sgd, size, 0.2, [...all, learningRate]);
    case "momentum": {
      const { momentum, nesterov } = rule;
      const words = [...all, learningRate, { float: momentum }, nesterov ? 1 : 0, ...guards];
      return flat(Opcode.momentum, size, 0.4, words);
    }
    case "rmsProp": {
      const { rho, epsilon } = rule;
      const words = [...all, learningRate, { float: 1 - rho }, floatOf(epsilon), ...guards];
      return flat(Opcode.rmsProp, size, 1, words);
    }
    case "adagrad":
      return flat(Opcode.adagrad, size, 1, [...all, learningRate, floatOf(rule.epsilon), ...guards]);
    case "adam": {
      const { beta1, beta2, epsilon, decay } = rule;
      const shares = [{ float: 1 - beta1 }, { float: 1 - beta2 }, floatOf(epsilon), { float: decay }];
      const words = [...all, learningRate, correction1, correction2, ...shares, ...guards];
      return flat(Opcode.adam, size, 1, words);
    }
    default:
      return rule satisfies never;
  }
}

/** A kernel that goes through a stretch line by line; `time` in nanoseconds for each number. */
function flat(opcode: Opcode, size: number, time: number, words: readonly Word[]): Instruction {
  if (size % lineNumbers !== 0) throw new Error(`${size} numbers are not whole lines.`);
  return { opcode, units: linesOf(size), work: time * size, words };
}

const floatOf = (epsilon: number): Word => ({ float: Math.max(epsilon, leastEpsilon) });
const linesOf = (size: number): number => Math.ceil(size / lineNumbers);
