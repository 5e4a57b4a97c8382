// Operations → fewer operations that compute the same. What a kernel does in one go over the numbers is found here by its
// form; kernels for the fused names are in emit/, and without its kernel nothing is fused.

import type { AnyOp } from "../model/op";
import { sameShape, sizeOf } from "../model/shape";
import type { Shape } from "../protocol/array";
import { emitters } from "./emit";
import type { Index, Operation, Operations, OpOperation } from "./operations";
import { classGradient, gatherRows, scatterRows, takeOfRows } from "./rows";

export function fused({ list, wanted }: Operations): Operations {
  let operations = [...list];
  for (const rules of [simplifications, fusions]) {
    const forms = new Forms(operations, wanted);
    // From the end: what takes in others is found before they are taken for themselves.
    for (let at = operations.length - 1; at >= 0; at--) {
      const operation = operations[at]!;
      if (operation.kind !== "op" || !forms.isUsed(at)) continue;
      for (const rule of rules) {
        const other = rule(operation, forms, at);
        if (!other || !(other.op || (emitters[other.name] && other.shape.length <= mostDimensions))) continue;
        forms.replace(at, other);
        break;
      }
    }
    operations = forms.list;
  }
  return onlyUsed(operations, wanted);
}

/** Of a result: kernels of fused operations take all of them, and these have no forward to fall back to. */
const mostDimensions = 5;

/** What an operation may be instead; its inputs stand before it. */
type Rule = (operation: OpOperation, forms: Forms, at: Index) => OpOperation | undefined;

/** Forms that a backward formula has, as one kernel. */
const simplifications: readonly Rule[] = [
  // A reduction along axes of size 1 moves no number.
  (operation, forms) => {
    const { name, inputs, shape } = operation;
    const reduces = ["sum", "mean", "max", "min", "sumTo"].includes(name);
    return reduces && sizeOf(forms.shape(inputs[0]!)) === sizeOf(shape)
      ? replaced(operation, "reshape", inputs, { shape })
      : undefined;
  },
  // dy ⊙ [x > 0], where max(0, x) > 0 says the same: then x itself is needed no longer.
  (operation, forms, at) =>
    forms.factors(operation, (mask, dy) => {
      const [x, zero] = forms.inputs(mask, "greater") ?? [];
      if (x === undefined || !forms.isConstant(zero!, 0) || !forms.haveShape(operation.shape, dy, x)) return undefined;
      const y = forms.find("relu", x);
      return replaced(operation, "reluGradient", [dy, y !== undefined && y < at ? y : x]);
    }),
  // dy ⊙ (1 − y²)
  (operation, forms) =>
    forms.factors(operation, (slope, dy) => {
      const [one, square] = forms.inputs(slope, "subtract") ?? [];
      const [y, again] = (square !== undefined && forms.inputs(square, "multiply")) || [];
      if (y === undefined || y !== again || !forms.isConstant(one!, 1)) return undefined;
      return forms.haveShape(operation.shape, dy, y) ? replaced(operation, "tanhGradient", [dy, y]) : undefined;
    }),
  // dy ⊙ y ⊙ (1 − y)
  (operation, forms) =>
    forms.factors(operation, (slope, dy) => {
      const [y, rest] = forms.inputs(slope, "multiply") ?? [];
      const [one, again] = (rest !== undefined && forms.inputs(rest, "subtract")) || [];
      if (y === undefined || y !== again || !forms.isConstant(one!, 1)) return undefined;
      return forms.haveShape(operation.shape, dy, y) ? replaced(operation, "sigmoidGradient", [dy, y]) : undefined;
    }),
  // g − e^y ⊙ Σ g, along rows
  (operation, forms, at) => {
    const [g, product] = forms.inputs(at, "subtract") ?? [];
    const [e, sum] = (product !== undefined && forms.inputs(product, "multiply")) || [];
    const [y] = (e !== undefined && forms.inputs(e, "exp")) || [];
    if (y === undefined || !forms.inputs(y, "logSoftmax") || forms.sumOfRows(sum!) !== g) return undefined;
    return forms.haveShape(operation.shape, g!, y) ? replaced(operation, "logSoftmaxGradient", [g!, y]) : undefined;
  },
  // y ⊙ (dy − Σ dy ⊙ y), along rows
  (operation, forms) =>
    forms.factors(operation, (difference, y) => {
      const [dy, sum] = forms.inputs(difference, "subtract") ?? [];
      const [a, b] = (sum !== undefined && forms.inputs(forms.sumOfRows(sum) ?? -1, "multiply")) || [];
      if (dy === undefined || !((a === dy && b === y) || (a === y && b === dy))) return undefined;
      return forms.haveShape(operation.shape, dy, y) ? replaced(operation, "softmaxGradient", [dy, y]) : undefined;
    }),
  (operation, forms, at) => {
    const [dy, positions] = forms.inputs(at, "spreadAt") ?? [];
    const [x] = (positions !== undefined && forms.inputs(positions, "largest2d")) || [];
    if (x === undefined) return undefined;
    return replaced(operation, "maxPool2dGradient", [dy!, x], forms.operation(positions!).attributes);
  },
  // Rows of a matrix, picked by index.
  (operation, forms, at) => {
    const [chosen, rows] = forms.inputs(at, "matmul") ?? [];
    const [indices] = (chosen !== undefined && forms.inputs(chosen, "oneHot")) || [];
    if (indices === undefined || forms.shape(rows!).length !== 2) return undefined;
    return computed(operation, gatherRows, [indices, rows!]);
  },
  // Their gradient, put back into the rows: for one list of indices, and summed over a batch of them.
  (operation, forms, at) => {
    const product = forms.inputs(at, "matmul") ? at : (forms.inputs(at, "sumTo")?.[0] ?? -1);
    const [turned, dy] = forms.inputs(product, "matmul") ?? [];
    const [chosen] = (turned !== undefined && forms.inputs(turned, "transpose")) || [];
    const [indices] = (chosen !== undefined && forms.inputs(chosen, "oneHot")) || [];
    if (indices === undefined || operation.shape.length !== 2) return undefined;
    // Each row of dy belongs to one index; a batch dimension of dy alone would repeat them.
    const rows = sizeOf(forms.shape(dy!)) / operation.shape[1]!;
    if (rows !== sizeOf(forms.shape(indices))) return undefined;
    return computed(operation, scatterRows, [indices, dy!], { count: operation.shape[0]! });
  },
  // A number of each row, picked by index.
  (operation, forms, at) => {
    const [product] = forms.inputs(at, "sum") ?? [];
    const factors = (product !== undefined && forms.inputs(product, "multiply")) || [];
    const chosen = factors.findIndex((factor) => forms.inputs(factor, "oneHot"));
    if (chosen === -1) return undefined;
    const [indices] = forms.inputs(factors[chosen]!, "oneHot")!;
    const rows = factors[1 - chosen]!;
    const { axes } = operation.attributes as { axes: readonly number[] };
    const sumsRows = axes.length === 1 && axes[0] === forms.shape(product!).length - 1;
    const fits = forms.haveShape(operation.shape, indices!) && forms.haveShape(forms.shape(product!), rows);
    return sumsRows && fits ? computed(operation, takeOfRows, [indices!, rows]) : undefined;
  },
  // log(1 + eᶻ) − z t
  (operation, forms, at) => {
    const [positive, product] = forms.inputs(at, "subtract") ?? [];
    const [z] = (positive !== undefined && forms.inputs(positive, "softplus")) || [];
    const [a, b] = (z !== undefined && forms.inputs(product!, "multiply")) || [];
    if (z === undefined || (a !== z && b !== z)) return undefined;
    const t = a === z ? b! : a!;
    return forms.haveShape(operation.shape, z, t) ? replaced(operation, "sigmoidCrossEntropy", [z, t]) : undefined;
  },
  // Σ xᵀ dy over a batch of matrices: one product of all their rows.
  (operation, forms, at) => {
    const [product] = forms.inputs(at, "sumTo") ?? [];
    const [turned, dy] = (product !== undefined && forms.inputs(product, "matmul")) || [];
    const [x] = (turned !== undefined && forms.inputs(turned, "transpose")) || [];
    if (x === undefined || operation.shape.length !== 2) return undefined;
    const [from, to] = [forms.shape(x), forms.shape(dy!)];
    const sameRows = from.length === to.length && sameShape(from.slice(0, -1), to.slice(0, -1));
    const fits = sameShape(operation.shape, [from.at(-1)!, to.at(-1)!]) && forms.swapsLastTwo(turned!);
    return sameRows && fits ? replaced(operation, "matmulOverBatch", [x, dy!]) : undefined;
  },
];

/** Operations that a kernel does along with another, while the numbers are at hand. */
const fusions: readonly Rule[] = [
  // c ⊙ oneHot − e^y ⊙ Σ c ⊙ oneHot, where the softmax e^y is there already
  (operation, forms, at) => {
    const [g, y] = forms.inputs(at, "logSoftmaxGradient") ?? [];
    const [logits] = (y !== undefined && forms.inputs(y, "logSoftmax")) || [];
    const p = logits !== undefined ? forms.find("softmax", logits) : undefined;
    if (p === undefined || p > at) return undefined;
    const [a, b] = forms.inputs(g!, "multiply") ?? [];
    if (a === undefined || b === undefined) return undefined;
    const scale = forms.constant(a) ?? forms.constant(b);
    const [indices] = forms.inputs(a, "oneHot") ?? forms.inputs(b, "oneHot") ?? [];
    if (scale === undefined || indices === undefined) return undefined;
    if (sizeOf(forms.shape(indices)) * operation.shape.at(-1)! !== sizeOf(operation.shape)) return undefined;
    return computed(operation, classGradient, [indices, p], { scale });
  },
  // x W + b, with the activation behind it
  (operation, forms, at) => {
    const { activation, sum } = forms.activationOf(at);
    const { product, bias } = forms.biased(sum, "matmul", (b, y) => isRow(b, y)) ?? {};
    if (product === undefined) return undefined;
    return replaced(operation, "linear", [...forms.operation(product).inputs, bias!], { activation });
  },
  (operation, forms, at) => {
    const { activation, sum } = forms.activationOf(at);
    if (activation !== "none" && activation !== "relu") return undefined;
    const { product, bias } = forms.biased(sum, "conv2d", (b, y) => isChannel(b, y)) ?? {};
    if (product === undefined) return undefined;
    const { inputs, attributes } = forms.operation(product);
    return replaced(operation, "conv2dBias", [...inputs, bias!], { ...attributes, activation });
  },
  // (dy Wᵀ) ⊙ the slope of the activation in front
  (operation, forms) => {
    const mask = slopes[operation.name];
    const [dx, y] = operation.inputs;
    if (mask === undefined || !forms.isOnlyFor(dx!) || !forms.inputs(dx!, "matmul")) return undefined;
    return replaced(operation, "matmulMasked", [...forms.operation(dx!).inputs, y!], { mask });
  },
];

const activations: Readonly<Record<string, string>> = { relu: "relu", tanh: "tanh", sigmoid: "sigmoid" };

const slopes: Readonly<Record<string, string>> = {
  reluGradient: "relu",
  tanhGradient: "tanh",
  sigmoidGradient: "sigmoid",
};

/** Operations that rules look at and replace. */
class Forms {
  readonly list: Operation[];
  private readonly uses: number[];
  private readonly byName = new Map<string, Index>();

  constructor(list: readonly Operation[], wanted: readonly Index[]) {
    this.list = [...list];
    this.uses = usesOf(list, wanted);
    for (const [index, operation] of list.entries()) {
      if (operation.kind === "op" && operation.inputs.length === 1 && this.uses[index]! > 0) {
        this.byName.set(`${operation.name} ${operation.inputs[0]}`, index);
      }
    }
  }

  isUsed(index: Index): boolean {
    return this.uses[index]! > 0;
  }

  /** Whether a single operation needs it, and nobody outside. */
  isOnlyFor(index: Index): boolean {
    return this.uses[index] === 1;
  }

  operation(index: Index): OpOperation {
    const operation = this.list[index]!;
    if (operation.kind !== "op") throw new Error("This is no operation.");
    return operation;
  }

  shape(index: Index): Shape {
    return this.list[index]!.shape;
  }

  /** Its inputs, when it is an operation of this name. */
  inputs(index: Index, name: string): readonly Index[] | undefined {
    const operation = this.list[index];
    return operation?.kind === "op" && operation.name === name ? operation.inputs : undefined;
  }

  /** Where the op of this name is applied to x alone. */
  find(name: string, x: Index): Index | undefined {
    return this.byName.get(`${name} ${x}`);
  }

  /** The number that all its elements are, when that is known before any run. */
  constant(index: Index): number | undefined {
    const operation = this.list[index]!;
    return operation.kind === "constant" && operation.data.length === 1 ? operation.data[0] : undefined;
  }

  isConstant(index: Index, value: number): boolean {
    return this.constant(index) === value;
  }

  haveShape(shape: Shape, ...indices: readonly Index[]): boolean {
    return indices.every((index) => sameShape(this.shape(index), shape));
  }

  /** Whether a transposition leaves all but the last two axes in their order. */
  swapsLastTwo(index: Index): boolean {
    const { order } = this.operation(index).attributes as { order: readonly number[] };
    const last = order.length - 1;
    return order.every((axis, at) => axis === (at === last ? last - 1 : at === last - 1 ? last : at));
  }

  /** Tries both orders of a product. */
  factors(
    { name, inputs: [a, b] }: OpOperation,
    match: (factor: Index, other: Index) => OpOperation | undefined,
  ): OpOperation | undefined {
    return name === "multiply" ? (match(a!, b!) ?? match(b!, a!)) : undefined;
  }

  /** What it sums along the last axis, keeping it. */
  sumOfRows(index: Index): Index | undefined {
    const [x] = this.inputs(index, "sum") ?? [];
    if (x === undefined) return undefined;
    const { axes, keep } = this.operation(index).attributes as { axes: readonly number[]; keep: boolean };
    return keep && axes.length === 1 && axes[0] === this.shape(x).length - 1 ? x : undefined;
  }

  /** What an activation is applied to, when nobody else needs that; else the operation itself. */
  activationOf(index: Index): { readonly activation: string; readonly sum: Index } {
    const { name, inputs } = this.operation(index);
    const activation = activations[name];
    const [x] = inputs;
    return activation !== undefined && this.isOnlyFor(x!) && this.list[x!]!.kind === "op"
      ? { activation, sum: x! }
      : { activation: "none", sum: index };
  }

  /** The two terms of a sum, when one is an operation that nobody else needs and the other fits as its bias. */
  biased(
    sum: Index,
    name: string,
    isBias: (bias: Shape, y: Shape) => boolean,
  ): { readonly product: Index; readonly bias: Index } | undefined {
    const [a, b] = this.inputs(sum, "add") ?? [];
    if (a === undefined || b === undefined) return undefined;
    const fits = (product: Index, bias: Index): boolean =>
      this.inputs(product, name) !== undefined &&
      this.isOnlyFor(product) &&
      this.haveShape(this.shape(sum), product) &&
      isBias(this.shape(bias), this.shape(sum));
    if (fits(a, b)) return { product: a, bias: b };
    return fits(b, a) ? { product: b, bias: a } : undefined;
  }

  replace(at: Index, operation: OpOperation): void {
    this.list[at] = operation;
  }
}

/** One number for each column: [N] or [1, …, N] for [M, N]. */
function isRow(bias: Shape, y: Shape): boolean {
  return bias.length <= y.length && bias.at(-1) === y.at(-1) && sizeOf(bias) === bias.at(-1);
}

/** One number for each channel: [C, 1, 1] or [1, C, 1, 1] for [N, C, H, W]. */
function isChannel(bias: Shape, y: Shape): boolean {
  const [channels, ...image] = bias.slice(-3);
  return bias.length >= 3 && channels === y[1] && sizeOf(bias) === channels && image.every((size) => size === 1);
}

/** Without the op of the model: a fused operation has a kernel only. */
function replaced(
  { shape, origin, op }: OpOperation,
  name: string,
  inputs: readonly Index[],
  attributes: OpOperation["attributes"] = {},
): OpOperation {
  return { kind: "op", name, inputs, attributes, shape, origin, ...(name === "reshape" && op && { op }) };
}

/** By an op with a forward of its own. */
function computed(
  { shape, origin }: OpOperation,
  op: unknown, // An Op of named inputs; a Graph stores any.
  inputs: readonly Index[],
  attributes: OpOperation["attributes"] = {},
): OpOperation {
  const { definition } = op as AnyOp;
  return { kind: "op", name: definition.name, inputs, attributes, shape, origin, op: op as AnyOp };
}

/** How often each is needed; an operation nobody needs needs nothing. */
function usesOf(list: readonly Operation[], wanted: readonly Index[]): number[] {
  const uses = new Array<number>(list.length).fill(0);
  for (const index of wanted) uses[index]! += 2; // Whoever looks from outside counts as several.
  for (let index = list.length - 1; index >= 0; index--) {
    const operation = list[index]!;
    if (operation.kind !== "op" || uses[index] === 0) continue;
    for (const input of operation.inputs) uses[input]! += 1;
  }
  return uses;
}

function onlyUsed(list: readonly Operation[], wanted: readonly Index[]): Operations {
  const uses = usesOf(list, wanted);
  const moved = new Map<Index, Index>();
  const kept: Operation[] = [];
  for (const [index, operation] of list.entries()) {
    if (uses[index] === 0) continue;
    moved.set(index, kept.length);
    kept.push(
      operation.kind === "op"
        ? { ...operation, inputs: operation.inputs.map((input) => moved.get(input)!) }
        : operation,
    );
  }
  return { list: kept, wanted: wanted.map((index) => moved.get(index)!) };
}
