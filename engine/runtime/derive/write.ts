// Expressions → LaTeX, three ways: with names, with the matrices put in, and with every element worked out.

import type { AnyOp } from "../../model/op";
import { conv2d, conv2dInput, conv2dWeights } from "../../model/ops/convolution";
import { add, divide, multiply, negate, select, subtract } from "../../model/ops/elementwise";
import { matmul } from "../../model/ops/linear-algebra";
import { broadcastTo, reshape } from "../../model/ops/movement";
import { logSoftmax, max, mean, min, norm, softmax, sum, sumTo } from "../../model/ops/reduction";
import { sameShape, sizeOf } from "../../model/shape";
import type { NdArray, Shape } from "../../protocol/array";
import type { Application, Constant, Expression } from "./expression";
import { compute, shapeOf, uniform } from "./expression";
import {
  arrayPiece,
  bound,
  fill,
  fractionPiece,
  joined,
  matrixShape,
  numberPiece,
  type Piece,
  parenthesized,
  piece,
} from "./latex";
import { numberOf } from "./number";
import { any, factorsOf, positionIn, reducedPositions, rowOf } from "./places";

/** `O_1^{\top} \cdot \frac{\partial L}{\partial y}` */
export function inSymbols(expression: Expression): Piece {
  switch (expression.kind) {
    case "quantity":
      return piece(expression.symbol, expression.isFraction ? "product" : "atom");
    case "constant":
      return constantPiece(expression);
    case "application": {
      const { op, inputs } = expression;
      // Changing the shape or repeating is not written inside a formula.
      if (op === any(reshape) || op === any(broadcastTo)) return inSymbols(inputs[0]!);
      const pieces = inputs.map(inSymbols);
      return written(expression, pieces, { compact: true });
    }
    default:
      return expression satisfies never;
  }
}

/** The same with its numbers: `\begin{pmatrix} … \end{pmatrix} \cdot \begin{pmatrix} … \end{pmatrix}`. */
export function inNumbers(expression: Expression): Piece {
  switch (expression.kind) {
    case "quantity":
      return arrayPiece(expression.value);
    case "constant":
      return constantPiece(expression);
    case "application": {
      const { op, inputs, value } = expression;
      const kind = op.definition.notation?.kind;
      if (op === any(reshape) && inputs[0]!.kind === "application") return inNumbers(inputs[0]!);
      if (kind === "mask" || kind === "move") return arrayPiece(value);
      const isSquare = op === any(multiply) && inputs[0] === inputs[1];
      if (!isJoining(op) || isSquare) {
        const entries = inEntries(expression);
        // A single number may go over several lines.
        const room = sizeOf(value.shape) === 1 ? 3 * widestEntries : widestEntries;
        if (entries && entries.width <= room) return entries;
        if (op === any(softmax))
          return rowOverItsSum(expression) ?? written(expression, operandsInNumbers(expression), { compact: false });
      }
      return written(expression, operandsInNumbers(expression), { compact: false });
    }
    default:
      return expression satisfies never;
  }
}

/** A matrix in which every element is worked out: `1 \cdot 1 + 2 \cdot 0.5`. Undefined when it has too many elements. */
export function inEntries(expression: Expression): Piece | undefined {
  const { value } = expression;
  const size = matrixShape(value.shape);
  if (!size || size[0] > mostEntryRows || size[1] > mostEntryColumns) return undefined;
  return arrayPiece(value, (position) => entry(expression, position));
}

const widestEntries = 58;
const widestFactor = 16; // Of a number that stands before a matrix.
const mostEntryRows = 6;
const mostEntryColumns = 4;

/** One element worked out from the elements of what the expression is made of; `position` in row-major order. */
export function entry(expression: Expression, position: number): Piece {
  if (expression.kind === "constant") {
    const same = uniform(expression);
    if (same !== undefined) return constantPiece({ ...expression, value: { shape: [], data: Float64Array.of(same) } });
  }
  if (expression.kind !== "application") return numberPiece(numberOf(expression, position));
  const { op, inputs } = expression;
  const special = elementRules.get(op);
  if (special) return special(expression, position);
  if (op.definition.notation?.kind !== "element") return numberPiece(numberOf(expression, position));
  const pieces = inputs.map((input) => entry(input, positionIn(shapeOf(input), shapeOf(expression), position)));
  // (-2) · (-1) reads better than -2 · (-1) among other terms.
  const factors = op === any(multiply) ? pieces.map((each) => bound(each, "product", false)) : pieces;
  return written(expression, factors, { compact: false, single: true });
}

/** Softmax of one row: all powers over their sum. */
function rowOverItsSum(expression: Application): Piece | undefined {
  const [rows, columns] = matrixShape(expression.value.shape) ?? [];
  if (rows !== 1 || columns === undefined || columns > longestSum) return undefined;
  const powers = arrayPiece(expression.value, (position) => power(entry(expression.inputs[0]!, position)));
  const below = total(rowOf(expression, 0), (at) => power(entry(expression.inputs[0]!, at)));
  return fill(String.raw`\frac{1}{#below}\,#powers`, "product", { below, powers });
}

/** The elements of the result that are worked out differently from their inputs' elements. */
type ElementRule = (expression: Application, position: number) => Piece;

const elementRules = new Map<AnyOp, ElementRule>([
  [any(reshape), ({ inputs: [x] }, position) => entry(x!, position)],
  [any(broadcastTo), ({ inputs: [x], value }, position) => entry(x!, positionIn(shapeOf(x!), value.shape, position))],
  // The branch that is taken.
  [
    any(select),
    ({ inputs: [condition, a, b], value }, position) => {
      const at = (input: Expression) => positionIn(shapeOf(input), value.shape, position);
      const taken = numberOf(condition!, at(condition!)) !== 0 ? a! : b!;
      return entry(taken, at(taken));
    },
  ],
  ...[matmul, conv2d, conv2dInput, conv2dWeights].map((op): readonly [AnyOp, ElementRule] => [
    any(op),
    (expression, position) => {
      const [a, b] = expression.inputs as [Expression, Expression];
      return total(factorsOf(expression, position), ([ofA, ofB]) => timesEntry(a, ofA, b, ofB));
    },
  ]),
  [any(sum), (expression, position) => sumOf(expression.inputs[0]!, reducedPositions(expression, position))],
  [any(sumTo), (expression, position) => sumOf(expression.inputs[0]!, reducedPositions(expression, position))],
  [
    any(mean),
    (expression, position) => {
      const positions = reducedPositions(expression, position);
      const added = total(positions, (at) => entry(expression.inputs[0]!, at));
      return fill(String.raw`\frac{#x}{${positions.length}}`, "atom", { x: added });
    },
  ],
  [
    any(norm),
    (expression, position) =>
      fill(String.raw`\sqrt{#x}`, "atom", {
        x: total(reducedPositions(expression, position), (at) =>
          fill("#x^{2}", "power", { x: entry(expression.inputs[0]!, at) }, { x: "atom" }),
        ),
      }),
  ],
  [any(max), extreme(String.raw`\max`)],
  [any(min), extreme(String.raw`\min`)],
  [
    any(softmax),
    (expression, position) => {
      const row = rowOf(expression, position).map((at) => power(entry(expression.inputs[0]!, at)));
      const own = power(entry(expression.inputs[0]!, position));
      const below = total(row, (each) => each);
      return fill(String.raw`\frac{#a}{#b}`, "atom", { a: own, b: below });
    },
  ],
  [
    any(logSoftmax),
    (expression, position) => {
      const row = rowOf(expression, position).map((at) => power(entry(expression.inputs[0]!, at)));
      return fill(
        String.raw`#a - \log(#b)`,
        "sum",
        { a: entry(expression.inputs[0]!, position), b: total(row, (each) => each) },
        { a: "sum" },
      );
    },
  ],
]);

const power = (exponent: Piece): Piece => fill("e^{#x}", "power", { x: exponent });

/** One number times another. */
export function timesEntry(a: Expression, ofA: number, b: Expression, ofB: number): Piece {
  return joined(
    [bound(entry(a, ofA), "product", false), bound(entry(b, ofB), "product", false)],
    String.raw`\cdot`,
    "product",
  );
}

function extreme(name: string): ElementRule {
  return (expression, position) => {
    const terms = shortened(reducedPositions(expression, position)).map((at) =>
      at === "dots" ? String.raw`\ldots` : entry(expression.inputs[0]!, at).latex,
    );
    return piece(String.raw`${name}\left(${terms.join(String.raw`,\ `)}\right)`, "atom");
  };
}

const longestSum = 12; // Terms.

function shortened<T>(terms: readonly T[]): readonly (T | "dots")[] {
  return terms.length <= longestSum ? terms : [...terms.slice(0, 3), "dots", terms.at(-1)!];
}

/** Terms that are 0 are left out where there are many: one-hot targets choose among them. */
function sumOf(x: Expression, positions: readonly number[]): Piece {
  const others = positions.filter((at) => numberOf(x, at) !== 0);
  const shown = positions.length > mostTermsWithZeros && others.length > 0 ? others : positions;
  return total(shown, (at) => entry(x, at));
}

const mostTermsWithZeros = 4;

function total<T>(terms: readonly T[], write: (term: T) => Piece): Piece {
  const dots = { ...piece(String.raw`\cdots`, "atom"), abbreviated: true };
  const pieces = shortened(terms).map((term) => (term === "dots" ? dots : write(term as T)));
  return pieces.length === 0 ? numberPiece(0) : joined(pieces, "+", "sum");
}

/** The op's own notation around its operands. */
function written(
  { op, inputs, attributes }: Application,
  pieces: readonly Piece[],
  { compact, single = false }: { compact: boolean; single?: boolean },
): Piece {
  const { name, inputs: names, notation } = op.definition;
  const operands = Object.fromEntries(names.map((input, position) => [input, pieces[position]!]));
  if (!notation) {
    return fill(String.raw`\operatorname{${name}}(#all)`, "atom", { all: joined(pieces, String.raw`,\ `, "sum") });
  }
  if (op === any(multiply) && inputs[0] === inputs[1]) {
    return fill("#a^{2}", "power", operands, { a: "atom" });
  }
  // Σ x + b could be read as Σ (x + b).
  const [first, second] = names;
  if (second !== undefined && notation.inputs?.[first!] && isSum(inputs[0]!) && !single) {
    operands[first!] = parenthesized(operands[first!]!);
  }
  const shapes = Object.fromEntries(names.map((input, position) => [input, single ? [] : shapeOf(inputs[position]!)]));
  const template =
    typeof notation.latex === "string"
      ? notation.latex
      : notation.latex({ shapes, attributes: attributes as never } as never);
  const isProduct = op === any(multiply) || op === any(matmul);
  const close =
    compact && isProduct && (op === any(matmul) || inputs[0]!.kind === "constant") && !/^[\d-]/.test(pieces[1]!.latex);
  return fill(close ? String.raw`#a\,#b` : template, notation.binds, operands, notation.inputs);
}

function isSum(expression: Expression): boolean {
  if (expression.kind !== "application") return false;
  if (expression.op === any(reshape) || expression.op === any(broadcastTo)) return isSum(expression.inputs[0]!);
  return [sum, sumTo].map(any).includes(expression.op);
}

/** + − ⊙ and the like stand between matrices; anything else is written out element by element. */
function isJoining(op: AnyOp): boolean {
  return [add, subtract, multiply, divide, negate, matmul].map(any).includes(op);
}

/** An operand that repeats is shown repeated, so that the sizes match. */
function operandsInNumbers(expression: Application): readonly Piece[] {
  const { op, inputs } = expression;
  const isElementwise = op.definition.notation?.kind === "element";
  return inputs.map((input) => {
    if (isElementwise && sizeOf(shapeOf(input)) === 1 && sizeOf(shapeOf(expression)) > 1) {
      const single = inNumbers(input);
      return single.width <= widestFactor ? single : arrayPiece(input.value);
    }
    if (!isElementwise || sameShape(shapeOf(input), shapeOf(expression))) return inNumbers(input);
    return arrayPiece(repeated(input.value, shapeOf(expression)));
  });
}

function repeated(value: NdArray, shape: Shape): NdArray {
  return compute(any(broadcastTo), [value], { shape });
}

function constantPiece(expression: Constant): Piece {
  const number = uniform(expression);
  if (number === undefined || sizeOf(shapeOf(expression)) > 1) return arrayPiece(expression.value);
  return expression.origin === "user"
    ? numberPiece(number)
    : fractionPiece(number, { always: expression.origin === "division" });
}
