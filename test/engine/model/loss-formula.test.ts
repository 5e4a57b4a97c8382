// Losses written as expressions, and penalties: values by hand, gradients against central differences.

import { describe, expect, test } from "vitest";
import { build, buildLoss, type LossOptions, targetId } from "../../../engine/model/build";
import { Evaluation } from "../../../engine/model/evaluate";
import { checkFormulaShapes, type SampleShape } from "../../../engine/model/infer";
import type { FormulaLoss } from "../../../engine/model/loss-formula";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { Network, Quantity, Value, ValueId, ValueSource } from "../../../engine/protocol/network";
import { Networks } from "./networks";
import { array, expectGradientsToAgree, type Nested, randomArray, sameRandomNumbers } from "./numeric";

const range = { start: 0, end: 0 };

/** `new Formula().leaf("y").target("t").operation("d", "subtract", ["y", "t"]).giving("d")`. */
class Formula {
  private readonly values: Value[] = [];

  leaf(id: ValueId, quantity: Quantity = { kind: "value", id }): this {
    return this.add(id, { kind: "observed", quantity });
  }

  number(id: ValueId, data: Nested): this {
    return this.add(id, { kind: "constant", data: array(data) });
  }

  operation(id: ValueId, name: string, inputs: readonly ValueId[], args: Arguments = {}): this {
    return this.add(id, { kind: "operation", function: name, inputs, arguments: args });
  }

  giving(result: ValueId, text = result): FormulaLoss {
    return { kind: "formula", text, values: this.values, result };
  }

  private add(id: ValueId, source: ValueSource): this {
    // What lowering says of shapes is not needed here.
    this.values.push({ id, title: id, source, batched: false, range });
    return this;
  }
}

const network = new Networks("Masha")
  .input("X", [2])
  .parameter(
    "W1",
    array([
      [1, -1],
      [0.5, 0.25],
    ]),
  )
  .parameter("W2", array([[0.5], [1]]))
  .operation("H", "matmul", ["X", "W1"])
  .operation("O", "tanh", ["H"])
  .operation("y", "matmul", ["O", "W2"])
  .returning("y");

/** mean((y − target)²) + 0.01 Σ W1² */
const penalized = new Formula()
  .leaf("y")
  .leaf("t", { kind: "target" })
  .leaf("W1")
  .number("two", 2)
  .number("rate", 0.01)
  .operation("d", "subtract", ["y", "t"])
  .operation("squares", "power", ["d", "two"])
  .operation("mse", "mean", ["squares"])
  .operation("W1 squares", "power", ["W1", "two"])
  .operation("norm", "sum", ["W1 squares"])
  .operation("penalty", "multiply", ["rate", "norm"])
  .operation("loss", "add", ["mse", "penalty"])
  .giving("loss");

function runLoss(options: LossOptions, given: Readonly<Record<string, NdArray>>, subject: Network = network) {
  const batchSize = Object.values(given)[0]?.shape[0] ?? 1;
  const built = build(subject, { batchSize, mode: "train" });
  const loss = buildLoss(built, subject, options);
  const weights = new Map<ValueId, NdArray>(
    subject.parameters.map(({ id, initializer, shape }) => [
      id,
      initializer.kind === "literal" ? initializer.data : randomArray(id, shape),
    ]),
  );
  const values = new Map([...weights, ...Object.entries(given)]);
  const evaluation = new Evaluation([loss.loss]);
  evaluation.run(values, sameRandomNumbers);
  return { built, loss, values, weights, value: evaluation.value(loss.loss).data[0]! };
}

const X = array([
  [1, 2],
  [-1, 2],
  [0.5, -0.5],
]);
const target = array([[2], [1], [0]]);
const options = { loss: penalized, targetShape: [1], reduction: "mean" } as const;

/** Σ (y − t)² over the samples, and Σ W1², with plain arithmetic. */
function byHand(): { readonly squares: number; readonly norm: number } {
  const [W1, W2] = [
    [
      [1, -1],
      [0.5, 0.25],
    ],
    [0.5, 1],
  ] as const;
  const squares = [0, 1, 2].reduce((sum, n) => {
    const [a, b] = [X.data[2 * n]!, X.data[2 * n + 1]!];
    const y = [0, 1].reduce((y, j) => y + Math.tanh(a * W1[0][j]! + b * W1[1][j]!) * W2[j]!, 0);
    return sum + (y - target.data[n]!) ** 2;
  }, 0);
  return { squares, norm: 1 + 1 + 0.25 + 0.0625 };
}

describe("a loss written as an expression", () => {
  test("is averaged over the batch; what depends on no sample counts once", () => {
    const { squares, norm } = byHand();
    expect(runLoss(options, { X, target }).value).toBeCloseTo(squares / 3 + 0.01 * norm, 13);
    expect(runLoss({ ...options, reduction: "sum" }, { X, target }).value).toBeCloseTo(squares + 0.01 * norm, 13);
  });

  test.each(["mean", "sum"] as const)("has gradients that agree with differences, %s over the batch", (reduction) => {
    const { built, loss, values } = runLoss({ ...options, reduction }, { X, target });
    const feeds = Object.fromEntries(["X", "W1", "W2"].map((id) => [id, built.tensors.get(id)!]));
    expectGradientsToAgree(loss.loss, { ...feeds, target: loss.target! }, values);
    expect([...loss.gradients(["H", "y", targetId]).keys()]).toEqual(["H", "y", targetId]);
  });

  test("is taken apart at sums, differences, signs and fixed factors", () => {
    const { squares, norm } = byHand();
    // −(2 · (norm − mse) / 4): the norm counts once under the sum as well.
    const twisted = new Formula()
      .leaf("y")
      .leaf("t", { kind: "target" })
      .leaf("W1")
      .number("two", 2)
      .number("four", 4)
      .operation("d", "subtract", ["y", "t"])
      .operation("squares", "power", ["d", "two"])
      .operation("mse", "mean", ["squares"])
      .operation("W1 squares", "multiply", ["W1", "W1"])
      .operation("norm", "sum", ["W1 squares"])
      .operation("difference", "subtract", ["norm", "mse"])
      .operation("double", "multiply", ["two", "difference"])
      .operation("half", "divide", ["double", "four"])
      .operation("loss", "negate", ["half"])
      .giving("loss");
    const { value } = runLoss({ ...options, loss: twisted, reduction: "sum" }, { X, target });
    expect(value).toBeCloseTo(-(norm - squares) / 2, 13);
  });

  test("needs no target when it names none", () => {
    const autoencoder = new Formula()
      .leaf("H")
      .leaf("X")
      .operation("d", "subtract", ["H", "X"])
      .operation("a", "abs", ["d"])
      .operation("loss", "mean", ["a"])
      .giving("loss");
    const run = runLoss({ loss: autoencoder, reduction: "mean" }, { X });
    expect(run.loss.target).toBeUndefined();
    expect(run.loss.gradients(["W1", "W2", targetId]).has("W1")).toBe(true);
    expect([...run.loss.gradients(["W2", targetId]).keys()]).toEqual([]);
  });

  test("may depend on no sample at all", () => {
    const bowl = new Networks("Bowl").parameter("w", array(3)).returning("w");
    const loss = new Formula().leaf("w").operation("loss", "multiply", ["w", "w"]).giving("loss");
    expect(runLoss({ loss, reduction: "sum" }, {}, bowl).value).toBe(9);
  });

  test("that is not one number for each sample is refused", () => {
    const loss = new Formula().leaf("H").giving("H", "H");
    expect(() => runLoss({ loss, reduction: "mean" }, { X })).toThrow(
      "A loss is a single number for each sample, but H is [2]. Take its sum or its mean.",
    );
  });

  test("with a target, but none given, is refused", () => {
    expect(() => runLoss({ loss: penalized, reduction: "mean" }, { X })).toThrow("none is given");
  });

  test("over something known only later is refused", () => {
    const loss = new Formula().leaf("g", { kind: "gradient", id: "W1" }).giving("g");
    expect(() => runLoss({ loss, reduction: "mean" }, { X })).toThrow("A gradient cannot stand in a loss");
  });

  test("is checked without numbers", () => {
    const shapes: Readonly<Record<string, SampleShape>> = {
      y: { shape: [1], batched: true },
      W1: { shape: [2, 2], batched: false },
    };
    const check = (target: Shape | undefined) =>
      checkFormulaShapes(penalized, (leaf) =>
        leaf.kind === "value" ? shapes[leaf.id] : target && { shape: target, batched: true },
      );
    expect(() => check([1])).not.toThrow();
    expect(() => check(undefined)).not.toThrow();
    // A batch dimension in the way would fit by accident; the sample's own does not.
    expect(() => check([2, 3])).not.toThrow();
    const strict = new Formula()
      .leaf("y")
      .leaf("t", { kind: "target" })
      .operation("p", "matmul", ["y", "t"])
      .giving("p");
    expect(() => checkFormulaShapes(strict, () => ({ shape: [3], batched: true }))).not.toThrow();
    expect(() =>
      checkFormulaShapes(strict, (leaf) => ({ shape: leaf.kind === "target" ? [2] : [3], batched: true })),
    ).toThrow("does not fit");
  });
});

describe("penalties", () => {
  const dense = new Networks("Dense")
    .input("X", [2])
    .layer("h", "Dense", ["X"], { units: 3, l1: 0.1, l2: 0.2 })
    .layer("twice", "Dense", ["h"], { units: 3 })
    .layer("again", "Dense", ["twice"], { units: 3 }, "twice")
    .parameter("scale", array([2, -3, 0]))
    .operation("y", "multiply", ["again", "scale"])
    .returning("y");
  const targets = randomArray("targets", [3, 3]);
  const plain = { loss: { kind: "call", call: { name: "MSE", arguments: {} } }, targetShape: [3] } as const;
  const sumOf = (data: Float64Array, f: (w: number) => number) => data.reduce((sum, w) => sum + f(w), 0);

  test.each(["mean", "sum"] as const)("of a layer count once, %s over the batch; its bias has none", (reduction) => {
    const without = new Networks("Dense")
      .input("X", [2])
      .layer("h", "Dense", ["X"], { units: 3 })
      .layer("twice", "Dense", ["h"], { units: 3 })
      .layer("again", "Dense", ["twice"], { units: 3 }, "twice")
      .parameter("scale", array([2, -3, 0]))
      .operation("y", "multiply", ["again", "scale"])
      .returning("y");
    const { value, weights } = runLoss({ ...plain, reduction }, { X, target: targets }, dense);
    const bare = runLoss({ ...plain, reduction }, { X, target: targets }, without).value;
    const W = weights.get("h.W")!.data;
    expect(value - bare).toBeCloseTo(0.1 * sumOf(W, Math.abs) + 0.2 * sumOf(W, (w) => w * w), 12);
  });

  test("of a training are on matrices of layers and declared parameters, shared ones once", () => {
    const regularize = [
      { name: "L1", arguments: { rate: 0.5 } },
      { name: "L2", arguments: { rate: 0.25 } },
    ];
    const order = { ...plain, reduction: "mean" } as const;
    const run = runLoss({ ...order, regularize }, { X, target: targets }, dense);
    const bare = runLoss(order, { X, target: targets }, dense).value;
    const expected = ["h.W", "twice.W", "scale"]
      .map((id) => run.weights.get(id)!.data)
      .reduce((sum, data) => sum + 0.5 * sumOf(data, Math.abs) + 0.25 * sumOf(data, (w) => w * w), 0);
    expect(run.value - bare).toBeCloseTo(expected, 12);
  });

  test("have gradients that agree with differences", () => {
    const regularize = [{ name: "L2", arguments: { rate: 0.25 } }];
    const { built, loss, values } = runLoss({ ...plain, reduction: "mean", regularize }, { X, target: targets }, dense);
    const ids = ["h.W", "h.b", "twice.W", "twice.b", "scale"];
    expectGradientsToAgree(loss.loss, Object.fromEntries(ids.map((id) => [id, built.tensors.get(id)!])), values);
  });

  test("have the lecture's gradients: L1′ = λ sign w with sign 0 = 0, L2′ = 2λw", () => {
    const only = new Networks("Only")
      .input("x", [1])
      .parameter("w", array([2, -3, 0]))
      .returning("x");
    for (const [name, expected] of [
      ["L1", [0.1, -0.1, 0]],
      ["L2", [0.4, -0.6, 0]],
    ] as const) {
      const regularize = [{ name, arguments: { rate: 0.1 } }];
      const given = { x: array([[1]]), target: array([[1]]) };
      const { loss, values } = runLoss({ ...plain, targetShape: [1], reduction: "mean", regularize }, given, only);
      const dw = loss.gradients(["w"]).get("w")!;
      const evaluation = new Evaluation([dw]);
      evaluation.run(values, sameRandomNumbers);
      expect([...evaluation.value(dw).data].map((value) => value + 0)).toEqual(
        expected.map((v) => expect.closeTo(v, 15)),
      );
    }
  });
});
