// Ops that move numbers, as instructions.

import { sizeOf } from "../../model/shape";
import type { Emitter } from "../emitter";
import type { Instruction } from "../instruction";
import { lineNumbers } from "../layout";
import { Opcode } from "../opcodes";
import type { View } from "../view";

const moveTime = 0.15; // Nanoseconds for each number.
const indexTime = 3; // Nanoseconds for each index.

const concat: Emitter<{ axis: number }> = {
  emit: (y, [a, b], { axis }) => {
    const [ofA, ofB] = [rowSize(a!, axis), rowSize(b!, axis)];
    return moving(Opcode.concat, y, [{ at: y }, { at: a! }, { at: b! }, sizeOf(y.shape), ofA, ofB]);
  },
};

const embed: Emitter<{ axis: number; start: number }> = {
  emit: (y, [x], { axis, start }) => {
    const before = start * sizeOf(y.shape.slice(axis + 1));
    const ofX = rowSize(x!, axis);
    const behind = rowSize(y, axis) - before - ofX;
    return moving(Opcode.embed, y, [{ at: y }, { at: x! }, sizeOf(y.shape), before, ofX, behind]);
  },
};

const oneHot: Emitter<{ classes: number }> = {
  emit: (y, [indices], { classes }) => {
    const rows = sizeOf(indices!.shape);
    const words = [{ at: y }, { at: indices! }, classes];
    return { opcode: Opcode.oneHot, units: rows, work: rowsTime(y, rows), words, mayFault: true };
  },
};

const gatherRows: Emitter = {
  emit: (y, [indices, weights]) => {
    const [count, size] = weights!.shape as readonly [number, number];
    const rows = sizeOf(indices!.shape);
    const words = [{ at: y }, { at: indices! }, { at: weights! }, count, size];
    return { opcode: Opcode.gatherRows, units: rows, work: rowsTime(y, rows), words, mayFault: true };
  },
};

const scatterRows: Emitter = {
  emit: (y, [indices, dy]) => {
    const [count, size] = y.shape as readonly [number, number];
    const rows = sizeOf(indices!.shape);
    const words = [{ at: y }, { at: indices! }, { at: dy! }, rows, count, size];
    const work = moveTime * sizeOf(y.shape) + rowsTime(dy!, rows);
    return { opcode: Opcode.scatterRows, units: count, work, words, mayFault: true };
  },
};

const takeOfRows: Emitter = {
  emit: (y, [indices, rows]) => {
    const count = sizeOf(y.shape);
    const words = [{ at: y }, { at: indices! }, { at: rows! }, rows!.shape.at(-1)!];
    return { opcode: Opcode.takeOfRows, units: count, work: indexTime * count, words, mayFault: true };
  },
};

const classGradient: Emitter<{ scale: number }> = {
  inPlace: true,
  emit: (y, [indices, p], { scale }) => {
    const rows = sizeOf(indices!.shape);
    const words = [{ at: y }, { at: indices! }, { at: p! }, y.shape.at(-1)!, { float: scale }];
    return { opcode: Opcode.classGradient, units: rows, work: rowsTime(y, rows), words, mayFault: true };
  },
};

export const movement: Readonly<Record<string, Emitter>> = {
  concat,
  embed,
  oneHot,
  gatherRows,
  scatterRows,
  takeOfRows,
  classGradient,
};

function moving(opcode: Opcode, y: View, words: Instruction["words"]): Instruction {
  const size = sizeOf(y.shape);
  return { opcode, units: Math.ceil(size / lineNumbers), work: moveTime * size, words };
}

const rowsTime = ({ shape }: View, rows: number): number => moveTime * sizeOf(shape) + indexTime * rows;

/** Numbers that stand together for each combination of the positions before `axis`. */
const rowSize = ({ shape }: View, axis: number): number => sizeOf(shape.slice(axis));
