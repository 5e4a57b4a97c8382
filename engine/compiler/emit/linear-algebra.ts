// Matrix products, as instructions. M rows, K inner dimension, N columns.

import { sizeOf } from "../../model/shape";
import type { Emitter } from "../emitter";
import type { Instruction, Word } from "../instruction";
import { Finish, Opcode, ProductWay } from "../opcodes";
import { broadcastView, reshaped, transposed, type View } from "../view";
import { Scratch } from "./scratch";

/** What fused products apply to their sums. */
export type Activation = "none" | "relu" | "tanh" | "sigmoid";

/** Whose derivative fused products are multiplied by; each is told by what the activation gave. */
export type Mask = "relu" | "tanh" | "sigmoid";

export const activations: { readonly [A in Activation]: Finish } = {
  none: Finish.none,
  relu: Finish.relu,
  tanh: Finish.tanh,
  sigmoid: Finish.sigmoid,
};

const masks: { readonly [M in Mask]: Finish } = {
  relu: Finish.reluMask,
  tanh: Finish.tanhMask,
  sigmoid: Finish.sigmoidMask,
};

/** x [..., M, K] · W [..., K, N] + bias, a number for each of the N columns; then the activation. */
const linear: Emitter<{ readonly activation: Activation }> = {
  strided: true,
  emit: (y, [x, W, bias], { activation }) => product(y, x!, W!, { bias: bias!, finish: activations[activation] }),
};

const matmul: Emitter = {
  strided: true,
  emit: (y, [a, b]) => product(y, a!, b!, { finish: Finish.none }),
};

/** a [..., M, K] · b [..., K, N], times the derivative that follows from m [..., M, N]. */
const matmulMasked: Emitter<{ readonly mask: Mask }> = {
  strided: 2,
  emit: (y, [a, b, m], { mask }) => product(y, a!, b!, { mask: m!, finish: masks[mask] }),
};

/** Σ xᵀ · dy over a batch of matrices, x [..., M, K], dy [..., M, N] → [K, N]: one product of all their rows. */
const matmulOverBatch: Emitter = {
  emit: (y, [x, dy]) => product(y, transposed(asRows(x!), [1, 0]), asRows(dy!), { finish: Finish.none }),
};

export const linearAlgebra: Readonly<Record<string, Emitter>> = { linear, matmul, matmulMasked, matmulOverBatch };

interface Extras {
  readonly bias?: View;
  readonly mask?: View;
  readonly finish: Finish;
}

/** Longest part of the inner dimension for which a panel of b and a strip of a fit into a first-level cache of 32 KiB. */
const mostInner = 512;

/** Floats of a packed block of a: with panels of b and tiles of y it stays in a second-level cache of 512 KiB. */
const blockSize = 65_536;

/** Bytes of a tile and of one of its rows: what kernels/matmul.ts has at the beginning of scratch. */
const edgeSize = 128 + 32;

/** Products this small are quicker without packing, in multiplications. */
const mostDirect = 512;

/** Columns of half a tile. */
const mostNarrow = 4;

function product(y: View, a: View, b: View, { bias, mask, finish }: Extras): Instruction | undefined {
  const matrices = collapsed(y, a, b);
  if (!matrices) return undefined;
  const { left, right, sizes } = matrices.right.size === 1 ? swapped(matrices) : matrices;
  const [rows, inner, columns] = [left.size, b.shape.at(-2)!, right.size];
  const count = sizes[0] * sizes[1] * sizes[2];
  const parts = { rows: Math.ceil(rows / 4), columns: Math.ceil(columns / 8) };
  // Whoever shares rows packs b again, whoever shares columns packs a again: the smaller one, if there is enough to share.
  const byColumns = parts.columns > 1 && (parts.rows < 4 || (parts.columns >= 4 && rows < columns));
  const isDirect = rows * inner * columns <= mostDirect || (rows <= 2 && right.step === 1);
  const way = isDirect ? ProductWay.direct : columns <= mostNarrow ? ProductWay.narrow : ProductWay.blocked;
  const blocks = Math.ceil(inner / mostInner);
  const length = Math.ceil(inner / blocks);
  const blockRows = 4 * Math.min(parts.rows, Math.floor(blockSize / length / 4));
  const scratch = new Scratch();
  scratch.take(edgeSize);
  const panels = scratch.take(64 * length);
  const block = way === ProductWay.blocked ? scratch.take(4 * length * blockRows) : 0;
  const bytes = (steps: readonly number[]): number[] => steps.map((step) => 4 * step);
  const words: Word[] = [
    { at: y },
    { at: left.view },
    { at: right.view },
    bias ? { at: bias } : 0,
    mask ? { at: mask } : 0,
    rows,
    columns,
    inner,
    ...bytes([left.step, left.innerStep, right.innerStep, right.step]),
    4 * (bias && bias.shape.at(-1) !== 1 ? (bias.strides.at(-1) ?? 0) : 0),
    sizes[1],
    sizes[2],
    ...bytes(left.outerSteps),
    ...bytes(right.outerSteps),
    finish,
    byColumns ? 1 : 0,
    way,
    length,
    ...[blockRows, panels, block],
  ];
  return {
    opcode: Opcode.matmul,
    units: count * (byColumns ? parts.columns : parts.rows),
    work: count * (20 + 1.3 * parts.rows * parts.columns * inner),
    words,
    scratch: scratch.size,
  };
}

/** All rows of contiguous matrices, one under the other. */
function asRows(x: View): View {
  const columns = x.shape.at(-1)!;
  return reshaped(x, [sizeOf(x.shape) / columns, columns])!;
}

/** The rows of a or the columns of b, of each matrix. Steps are in numbers. */
interface Side {
  readonly view: View;
  readonly size: number;
  readonly step: number;
  readonly innerStep: number;
  /** From matrix to matrix. */
  readonly outerSteps: readonly number[];
}

interface Matrices {
  readonly left: Side;
  readonly right: Side;
  readonly sizes: readonly [number, number, number];
}

/** A single column y = a·b is also the row yᵀ = bᵀ·aᵀ, and stands like one. */
function swapped({ left, right, sizes }: Matrices): Matrices {
  return { left: right, right: left, sizes };
}

/** The dimensions before the last two as three; those that only go through rows of a as rows. Undefined if they are more. */
function collapsed(y: View, a: View, b: View): Matrices | undefined {
  const outer = y.shape.slice(0, -2);
  const stepsOf = (view: View): readonly number[] =>
    broadcastView({ ...view, shape: view.shape.slice(0, -2), strides: view.strides.slice(0, -2) }, outer).strides;
  const [ofA, ofB] = [stepsOf(a), stepsOf(b)];
  let rows = y.shape.at(-2)!;
  let rowStep = a.strides.at(-2)!;
  const dimensions: Dimension[] = [];
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const next = { size: outer[axis]!, ofA: ofA[axis]!, ofB: ofB[axis]! };
    const last = dimensions[0];
    if (next.size === 1) continue;
    if (!last && next.ofB === 0 && (rows === 1 || next.ofA === rows * rowStep)) {
      if (rows === 1) rowStep = next.ofA;
      rows *= next.size;
    } else if (last && next.ofA === last.size * last.ofA && next.ofB === last.size * last.ofB) last.size *= next.size;
    else dimensions.unshift(next);
  }
  if (dimensions.length > 3) return undefined;
  while (dimensions.length < 3) dimensions.unshift({ size: 1, ofA: 0, ofB: 0 });
  const [first, second, third] = dimensions as [Dimension, Dimension, Dimension];
  return {
    left: {
      view: a,
      size: rows,
      step: rowStep,
      innerStep: a.strides.at(-1)!,
      outerSteps: dimensions.map((dimension) => dimension.ofA),
    },
    right: {
      view: b,
      size: b.shape.at(-1)!,
      step: b.strides.at(-1)!,
      innerStep: b.strides.at(-2)!,
      outerSteps: dimensions.map((dimension) => dimension.ofB),
    },
    sizes: [first.size, second.size, third.size],
  };
}

interface Dimension {
  size: number;
  readonly ofA: number;
  readonly ofB: number;
}
