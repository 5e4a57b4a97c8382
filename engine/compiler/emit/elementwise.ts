// Ops that compute each element from the elements at its place, as instructions.

import { sizeOf } from "../../model/shape";
import type { Emitter } from "../emitter";
import type { Instruction, Word } from "../instruction";
import { mostArguments } from "../layout";
import { BinaryFunction, Opcode, UnaryFunction } from "../opcodes";
import { broadcastView, type View } from "../view";
import { isDirect, type Operand, operandOf, wordsOf } from "./operand";

const cheap = 0.15; // Nanoseconds for an element: mostly those of memory.

export const elementwise: Readonly<Record<string, Emitter>> = {
  negate: unary(UnaryFunction.negate),
  abs: unary(UnaryFunction.abs),
  sign: unary(UnaryFunction.sign),
  sqrt: unary(UnaryFunction.sqrt, 0.2),
  exp: unary(UnaryFunction.exp, 0.9),
  expm1: unary(UnaryFunction.expm1, 0.9),
  log: unary(UnaryFunction.log, 1.6),
  relu: unary(UnaryFunction.relu),
  sigmoid: unary(UnaryFunction.sigmoid, 1.1),
  tanh: unary(UnaryFunction.tanh, 0.9),
  softplus: unary(UnaryFunction.softplus, 3),
  erf: unary(UnaryFunction.erf, 0.9),
  clip: {
    strided: true,
    inPlace: true,
    emit: (y, [x], { min, max }: { min: number; max: number }) =>
      unaryInstruction(UnaryFunction.clip, cheap, y, x!, { min, max }),
  } satisfies Emitter<{ min: number; max: number }> as Emitter,

  add: binary(BinaryFunction.add),
  subtract: binary(BinaryFunction.subtract),
  multiply: binary(BinaryFunction.multiply),
  divide: binary(BinaryFunction.divide, 0.2),
  maximum: binary(BinaryFunction.maximum, 0.25),
  minimum: binary(BinaryFunction.minimum, 0.25),
  equal: binary(BinaryFunction.equal),
  notEqual: binary(BinaryFunction.notEqual),
  less: binary(BinaryFunction.less),
  lessEqual: binary(BinaryFunction.lessEqual),
  greater: binary(BinaryFunction.greater),
  greaterEqual: binary(BinaryFunction.greaterEqual),
  power: {
    strided: true,
    inPlace: true,
    emit: (y, [a, b]) => {
      const withoutLogarithm = simplePowers.get(constantOf(b!) ?? Number.NaN);
      return withoutLogarithm === undefined
        ? instruction(Opcode.binary, BinaryFunction.power, 14, y, [a!, b!])
        : unaryInstruction(withoutLogarithm, 0.2, y, a!);
    },
  },
  select: {
    strided: true,
    inPlace: true,
    emit: (y, inputs) => instruction(Opcode.select, 0, cheap, y, inputs),
  },

  // Gradients that fuse.ts finds.
  reluGradient: binary(BinaryFunction.reluGradient),
  tanhGradient: binary(BinaryFunction.tanhGradient),
  sigmoidGradient: binary(BinaryFunction.sigmoidGradient),

  // A loss that fuse.ts finds.
  sigmoidCrossEntropy: binary(BinaryFunction.sigmoidCrossEntropy, 3),
};

/** By the exponent. */
const simplePowers: ReadonlyMap<number, UnaryFunction> = new Map([
  [2, UnaryFunction.square],
  [0.5, UnaryFunction.squareRoot],
  [-1, UnaryFunction.reciprocal],
]);

/** The number that all elements are, when that is known before any run. */
function constantOf({ buffer: { place } }: View): number | undefined {
  return place.kind === "constant" && place.data.length === 1 ? place.data[0] : undefined;
}

/** `cost` is in nanoseconds for an element. */
function unary(f: UnaryFunction, cost = cheap): Emitter {
  return { strided: true, inPlace: true, emit: (y, [x]) => unaryInstruction(f, cost, y, x!) };
}

function binary(f: BinaryFunction, cost = cheap): Emitter {
  return {
    strided: true,
    inPlace: true,
    emit: (y, inputs) => instruction(Opcode.binary, f, cost, y, inputs),
  };
}

function unaryInstruction(
  f: UnaryFunction,
  cost: number,
  y: View,
  x: View,
  { min, max } = { min: 0, max: 0 },
): Instruction | undefined {
  return instruction(Opcode.unary, f, cost, y, [x], [{ float: min }, { float: max }]);
}

// As in kernels/elementwise.ts and kernels/operand.ts.
const numbersOfScratch = 256;
const bytesOfOperand = 1280;
const numbersOfUnit = 1024; // A unit is worth handing out.

function instruction(
  opcode: Opcode,
  f: number,
  cost: number,
  y: View,
  inputs: readonly View[],
  parameters: readonly Word[] = [],
): Instruction | undefined {
  const size = sizeOf(y.shape);
  const operands = inputs.map((input) => operandOf(broadcastView(input, y.shape)));
  const areDirect = operands.every(isDirect);
  const block = areDirect ? size : blockOf(operands);
  const unit = areDirect ? numbersOfUnit : block;
  const words = [
    f,
    { at: y },
    size,
    unit,
    block,
    ...parameters,
    ...operands.flatMap((operand) => wordsOf(operand, block)),
  ];
  if (words.length > mostArguments) return undefined;
  const units = Math.ceil(size / unit);
  return { opcode, units, work: cost * size, words, scratch: bytesOfOperand * operands.length };
}

/** As many numbers as fit into scratch: whole periods if possible, for then only the first block must be gathered. */
function blockOf(operands: readonly Operand[]): number {
  const periods = operands.flatMap(({ period }) =>
    period !== undefined && period <= numbersOfScratch ? [period] : [],
  );
  const longest = Math.max(1, ...periods);
  return Math.floor(numbersOfScratch / longest) * longest;
}
