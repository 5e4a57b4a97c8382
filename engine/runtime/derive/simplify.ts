// Rewrites an expression into the one a person would write: constants folded, factors of 1 and terms of 0 dropped, equal
// terms gathered. The numbers stay the same; what is dropped because of these numbers (a clip that clips nothing) is said so.

import type { AnyOp, Op } from "../../model/op";
import {
  add,
  clip,
  divide,
  equal,
  exp,
  expm1,
  multiply,
  negate,
  power,
  select,
  subtract,
} from "../../model/ops/elementwise";
import { transpose } from "../../model/ops/linear-algebra";
import { broadcastTo, reshape } from "../../model/ops/movement";
import { max, mean, min, sum, sumTo } from "../../model/ops/reduction";
import { axesOf, broadcastShapes, sameShape, sizeOf } from "../../model/shape";
import type { Application, Constant, Expression } from "./expression";
import { apply, constant, filled, shapeOf, uniform } from "./expression";

/** One node whose inputs are simple already. */
export function simplify(node: Application): Expression {
  if (node.inputs.every((input) => input.kind === "constant")) return folded(node);
  for (const rule of rulesFor.get(node.op) ?? []) {
    const simpler = rule(node);
    // Each rule makes the expression smaller or moves a factor outwards: this ends.
    if (simpler) return simpler;
  }
  return node;
}

type Rule = (node: Application) => Expression | undefined;

const any = (op: Op<readonly string[], never> | unknown): AnyOp => op as AnyOp;

const isOp = (expression: Expression | undefined, op: unknown): expression is Application =>
  expression?.kind === "application" && expression.op === op;

function make(op: unknown, inputs: readonly Expression[], attributes = {}): Expression {
  return simplify(apply(any(op), inputs, attributes));
}

function folded({ op, inputs, value }: Application): Constant {
  const origins = (inputs as readonly Constant[]).map(({ origin }) => origin);
  const divides = op === any(divide) || origins.includes("division");
  return constant(value, divides ? "division" : origins.includes("user") ? "user" : "definition");
}

/** c · e with a number c and an expression of the whole shape; every expression is 1 · itself. */
interface Scaled {
  readonly factor: number;
  readonly origin: Constant["origin"];
  readonly rest: Expression;
}

function scaled(expression: Expression): Scaled {
  if (isOp(expression, multiply)) {
    const [a, b] = expression.inputs as [Expression, Expression];
    const factor = uniform(a);
    if (factor !== undefined && sameShape(shapeOf(b), shapeOf(expression))) {
      return { factor, origin: (a as Constant).origin, rest: b };
    }
  }
  if (isOp(expression, negate)) {
    const { factor, origin, rest } = scaled(expression.inputs[0]!);
    return { factor: -factor, origin, rest };
  }
  return { factor: 1, origin: "definition", rest: expression };
}

function scale({ factor, origin, rest }: Scaled): Expression {
  // A 1 that the user wrote stays: it is the value of something.
  if (factor === 1 && origin !== "user") return rest;
  if (factor === 0) return filled(shapeOf(rest), 0, "definition");
  if (factor === -1) return apply(any(negate), [rest]);
  return apply(any(multiply), [filled([], factor, origin), rest]);
}

function scaledBy(factor: number, origin: Constant["origin"], expression: Expression): Expression {
  const inner = scaled(expression);
  return scale({ factor: factor * inner.factor, origin: originOf(origin, inner.origin), rest: inner.rest });
}

const withoutReshape = (expression: Expression): Expression =>
  isOp(expression, reshape) ? expression.inputs[0]! : expression;

const allAxes = (expression: Expression) => ({ axes: axesOf(shapeOf(expression)), keep: false });

/** `decided` by the one that says more: what came of a division is shown as a fraction. */
function originOf(a: Constant["origin"], b: Constant["origin"]): Constant["origin"] {
  return a === "division" || b === "division" ? "division" : a === "user" || b === "user" ? "user" : "definition";
}

/** A factor that is a number leaves a product; 1 is dropped. */
const productRule: Rule = (node) => {
  const [a, b] = node.inputs as [Expression, Expression];
  const shape = shapeOf(node);
  for (const [number, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const factor = uniform(number);
    if (factor !== undefined && sameShape(shapeOf(other), shape)) {
      const inner = scaled(other);
      const origin =
        inner.factor === 1 ? (number as Constant).origin : originOf((number as Constant).origin, inner.origin);
      if (
        inner.factor === 1 &&
        inner.rest === other &&
        number === a &&
        shapeOf(a).length === 0 &&
        Math.abs(factor) !== 1 &&
        factor !== 0
      ) {
        return undefined;
      }
      return scale({ factor: factor * inner.factor, origin, rest: inner.rest });
    }
  }
  const [left, right] = [scaled(a), scaled(b)];
  if (left.factor === 1 && right.factor === 1) return undefined;
  const factor = left.factor * right.factor;
  return scale({ factor, origin: originOf(left.origin, right.origin), rest: make(multiply, [left.rest, right.rest]) });
};

const sumRule: Rule = (node) => {
  const [a, b] = node.inputs as [Expression, Expression];
  const shape = shapeOf(node);
  if (uniform(a) === 0 && sameShape(shapeOf(b), shape)) return b;
  if (uniform(b) === 0 && sameShape(shapeOf(a), shape)) return a;
  const [left, right] = [scaled(a), scaled(b)];
  if (isSame(left.rest, right.rest)) {
    return scale({
      factor: left.factor + right.factor,
      origin: originOf(left.origin, right.origin),
      rest: left.rest,
    });
  }
  // c·a + c·b = c (a + b).
  const isWhole = sameShape(shapeOf(left.rest), shape) && sameShape(shapeOf(right.rest), shape);
  if (isWhole && Math.abs(left.factor) === Math.abs(right.factor) && Math.abs(left.factor) !== 1) {
    const [first, second, sign] =
      left.factor > 0 || right.factor < 0 ? [left, right, left.factor] : [right, left, right.factor];
    const together = make(Math.sign(first.factor) === Math.sign(second.factor) ? add : subtract, [
      first.rest,
      second.rest,
    ]);
    return scale({ factor: sign, origin: originOf(left.origin, right.origin), rest: together });
  }
  if (right.factor < 0) return make(subtract, [a, scale({ ...right, factor: -right.factor })]);
  // eˣ − 1 + 1
  if (isOp(a, expm1) && uniform(b) === 1) return apply(any(exp), a.inputs);
  return undefined;
};

/** Repeating is implied where an element-wise op needs it. */
const impliedBroadcast: Rule = (node) => {
  const stripped = node.inputs.map((input) => (isOp(input, broadcastTo) ? input.inputs[0]! : input));
  if (stripped.every((input, position) => input === node.inputs[position])) return undefined;
  for (const [position, input] of stripped.entries()) {
    const inputs = node.inputs.map((old, at) => (at === position ? input : old));
    const shape = inputs.map(shapeOf).reduce((one, other) => broadcastShapes(one, other));
    if (input !== node.inputs[position] && sameShape(shape, shapeOf(node)))
      return make(node.op, inputs, node.attributes);
  }
  return undefined;
};

/** A reduction over a single number only changes the shape. */
const trivialReduction: Rule = (node) => {
  const [x] = node.inputs as [Expression];
  return sizeOf(shapeOf(x)) === sizeOf(shapeOf(node)) ? make(reshape, [x], { shape: shapeOf(node) }) : undefined;
};

const sameShapeRule: Rule = (node) => (sameShape(shapeOf(node.inputs[0]!), shapeOf(node)) ? node.inputs[0] : undefined);

/** A number moves out of what only moves numbers or adds them up. */
const factorOut: Rule = (node) => {
  const inner = scaled(node.inputs[0]!);
  if (inner.factor === 1) return undefined;
  return scale({ ...inner, rest: make(node.op, [inner.rest], node.attributes) });
};

const rulesFor = new Map<AnyOp, readonly Rule[]>([
  [any(add), [impliedBroadcast, sumRule]],
  [
    any(subtract),
    [
      impliedBroadcast,
      (node) =>
        uniform(node.inputs[1]!) === 0 && sameShape(shapeOf(node.inputs[0]!), shapeOf(node))
          ? node.inputs[0]
          : undefined,
      (node) =>
        uniform(node.inputs[0]!) === 0 && sameShape(shapeOf(node.inputs[1]!), shapeOf(node))
          ? make(negate, [node.inputs[1]!])
          : undefined,
      (node) => (isOp(node.inputs[1], negate) ? make(add, [node.inputs[0]!, node.inputs[1].inputs[0]!]) : undefined),
    ],
  ],
  [any(multiply), [impliedBroadcast, productRule]],
  [
    any(divide),
    [
      impliedBroadcast,
      (node) => {
        const [a, b] = node.inputs as [Expression, Expression];
        const divisor = uniform(b);
        if (divisor === undefined || divisor === 0 || !sameShape(shapeOf(a), shapeOf(node))) return undefined;
        const { factor, rest } = scaled(a);
        return scale({ factor: factor / divisor, origin: "division", rest });
      },
      (node) => {
        const [a, b] = node.inputs as [Expression, Expression];
        const inner = scaled(a);
        return inner.factor === 1 ? undefined : scale({ ...inner, rest: make(divide, [inner.rest, b]) });
      },
    ],
  ],
  [
    any(negate),
    [
      (node) => {
        const inner = scaled(node.inputs[0]!);
        return inner.factor === 1 ? undefined : scale({ ...inner, factor: -inner.factor });
      },
    ],
  ],
  [any(power), [(node) => (uniform(node.inputs[1]!) === 1 ? node.inputs[0] : undefined)]],
  [
    any(select),
    [
      (node) => {
        const [condition, a, b] = node.inputs as [Expression, Expression, Expression];
        const decided = uniform(condition);
        const chosen = decided === undefined ? undefined : decided !== 0 ? a : b;
        return chosen && sameShape(shapeOf(chosen), shapeOf(node)) ? chosen : undefined;
      },
      // 0 where it does not hold: a product with the mask.
      (node) => {
        const [condition, a, b] = node.inputs as [Expression, Expression, Expression];
        const isMask = condition.kind === "application" && condition.op.definition.notation?.kind === "mask";
        return isMask && uniform(b) === 0 && sameShape(shapeOf(a), shapeOf(node))
          ? make(multiply, [a, condition])
          : undefined;
      },
    ],
  ],
  // A clip that changes none of these numbers.
  [any(clip), [(node) => (isEqual(node.inputs[0]!, node) ? node.inputs[0] : undefined)]],
  // The gradient of such a clip asks whether x equals x.
  [
    any(equal),
    [(node) => (isSame(node.inputs[0]!, node.inputs[1]!) ? filled(shapeOf(node), 1, "definition") : undefined)],
  ],
  [any(broadcastTo), [sameShapeRule, factorOut]],
  [
    any(reshape),
    [
      sameShapeRule,
      (node) =>
        isOp(node.inputs[0], reshape) ? make(reshape, [node.inputs[0].inputs[0]!], node.attributes) : undefined,
      factorOut,
    ],
  ],
  [
    any(transpose),
    [
      (node) => {
        const [x] = node.inputs;
        if (!isOp(x, transpose)) return undefined;
        const inner = (x.attributes as { order: readonly number[] }).order;
        const outer = (node.attributes as { order: readonly number[] }).order;
        return outer.every((axis, position) => inner[axis] === position) ? x.inputs[0] : undefined;
      },
    ],
  ],
  [
    any(sum),
    [
      trivialReduction,
      // The sum of all sums is the sum of all.
      (node) => {
        const x = withoutReshape(node.inputs[0]!);
        return shapeOf(node).length === 0 && isOp(x, sum)
          ? make(sum, [x.inputs[0]!], allAxes(x.inputs[0]!))
          : undefined;
      },
      (node) => {
        const x = withoutReshape(node.inputs[0]!);
        return shapeOf(node).length === 0 && x !== node.inputs[0] ? make(sum, [x], allAxes(x)) : undefined;
      },
      factorOut,
    ],
  ],
  [any(sumTo), [sameShapeRule, trivialReduction, factorOut]],
  [
    any(mean),
    [
      trivialReduction,
      // (1/n) Σ: then the number can join others.
      (node) => {
        const [x] = node.inputs as [Expression];
        const share = sizeOf(shapeOf(node)) / sizeOf(shapeOf(x));
        return scaledBy(share, "division", make(sum, [x], node.attributes));
      },
    ],
  ],
  [any(max), [trivialReduction]],
  [any(min), [trivialReduction]],
]);

const isEqual = (a: Expression, b: Expression): boolean =>
  sameShape(shapeOf(a), shapeOf(b)) &&
  a.value.data.every((value, position) => Object.is(value, b.value.data[position]));

/** Whether two expressions say the same. Bounded: deep ones count as different. */
export function isSame(a: Expression, b: Expression, depth = 6): boolean {
  if (a === b) return true;
  if (depth === 0 || a.kind !== b.kind) return false;
  if (a.kind === "application" && b.kind === "application") {
    return (
      a.op === b.op &&
      a.inputs.length === b.inputs.length &&
      JSON.stringify(a.attributes) === JSON.stringify(b.attributes) &&
      a.inputs.every((input, position) => isSame(input, b.inputs[position]!, depth - 1))
    );
  }
  return a.kind === "constant" && isEqual(a, b);
}
