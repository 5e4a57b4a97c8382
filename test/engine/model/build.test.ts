// Whole networks: the lecture's numbers, fused losses, shared weights, and a network that learns.

import { describe, expect, test } from "vitest";
import { type BuildOptions, build, buildLoss, targetId } from "../../../engine/model/build";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation } from "../../../engine/model/evaluate";
import { initialize } from "../../../engine/model/initializers";
import { optimizer } from "../../../engine/model/optimizers";
import { randomStream, streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray } from "../../../engine/protocol/array";
import type { Loss, Network, ValueId } from "../../../engine/protocol/network";
import { Networks } from "./networks";
import { array, expectClose, sameRandomNumbers } from "./numeric";

interface Run {
  readonly inputs: Readonly<Record<ValueId, NdArray>>;
  readonly loss: string;
  readonly target: NdArray;
  readonly reduction?: "mean" | "sum";
  readonly mode?: BuildOptions["mode"];
}

const lossCall = (name: string): Loss => ({ kind: "call", call: { name, arguments: {} } });

/** Values and gradients of one batch, by id. */
function run(network: Network, { inputs, loss, target, reduction = "mean", mode = "train" }: Run) {
  const built = build(network, { batchSize: target.shape[0]!, mode });
  const ids = [...built.tensors.keys(), targetId];
  const builtLoss = buildLoss(built, network, {
    loss: lossCall(loss),
    targetShape: target.shape.slice(1),
    reduction,
  });
  const gradientOf = builtLoss.gradients(ids);
  const evaluation = new Evaluation([builtLoss.loss, ...built.tensors.values(), ...gradientOf.values()]);
  const random = randomStream(1, streamOf("weights"));
  const weights = network.parameters.map(
    ({ id, shape, initializer }) => [id, initialize(initializer, shape, random)] as const,
  );
  evaluation.run(new Map([...weights, ...Object.entries(inputs), [targetId, target]]), sameRandomNumbers);
  return {
    loss: evaluation.value(builtLoss.loss).data[0]!,
    value: (id: ValueId) => evaluation.value(built.tensors.get(id)!),
    gradient: (id: ValueId) => {
      const tensor = gradientOf.get(id);
      return tensor && evaluation.value(tensor);
    },
  };
}

const masha = new Networks("Masha")
  .input("X", [2])
  .parameter(
    "W1",
    array([
      [1, -1],
      [0.5, 0],
    ]),
  )
  .parameter("W2", array([[0.5], [1]]))
  .operation("H1", "matmul", ["X", "W1"])
  .constant("zero", array(0))
  .operation("O1", "max", ["zero", "H1"])
  .operation("y", "matmul", ["O1", "W2"])
  .returning("y");

const X = array([
  [1, 2],
  [-1, 2],
]);

describe("Masha's network", () => {
  const exact = 0; // Every number is a sum of halves.

  test("forward", () => {
    const { value, loss } = run(masha, { inputs: { X }, loss: "HalfMSE", target: array([2, 1]) });
    expectClose(
      value("H1"),
      array([
        [2, -1],
        [0, 1],
      ]),
      exact,
    );
    expectClose(
      value("O1"),
      array([
        [2, 0],
        [0, 1],
      ]),
      exact,
    );
    expectClose(value("y"), array([[1], [1]]), exact);
    expect(loss).toBe(0.25);
  });

  test("backward with the undivided difference", () => {
    const { gradient } = run(masha, { inputs: { X }, loss: "HalfMSE", target: array([[2], [1]]), reduction: "sum" });
    expectClose(gradient("y")!, array([[-1], [0]]), exact);
    expectClose(gradient("W2")!, array([[-2], [0]]), exact);
    expectClose(
      gradient("O1")!,
      array([
        [-0.5, -1],
        [0, 0],
      ]),
      exact,
    );
    expectClose(
      gradient("H1")!,
      array([
        [-0.5, 0],
        [0, 0],
      ]),
      exact,
    );
    expectClose(
      gradient("W1")!,
      array([
        [-0.5, 0],
        [-1, 0],
      ]),
      exact,
    );
    expectClose(
      gradient("X")!,
      array([
        [-0.5, -0.25],
        [0, 0],
      ]),
      exact,
    );
  });

  test("the mean over two samples halves every gradient", () => {
    const { gradient } = run(masha, { inputs: { X }, loss: "HalfMSE", target: array([[2], [1]]) });
    expectClose(gradient("W2")!, array([[-1], [0]]), exact);
    expectClose(
      gradient("W1")!,
      array([
        [-0.25, 0],
        [-0.5, 0],
      ]),
      exact,
    );
    expectClose(gradient(targetId)!, array([[0.5], [0]]), exact);
  });

  test("one SGD step at rate 1 gives the lecture's weights", () => {
    const { gradient } = run(masha, { inputs: { X }, loss: "HalfMSE", target: array([2, 1]), reduction: "sum" });
    const sgd = optimizer({ name: "SGD", arguments: { rate: 1 } });
    const [W1, W2] = [
      array([
        [1, -1],
        [0.5, 0],
      ]),
      array([[0.5], [1]]),
    ];
    sgd.update(W1.data, gradient("W1")!.data, [], { step: 1, rate: sgd.rate });
    sgd.update(W2.data, gradient("W2")!.data, [], { step: 1, rate: sgd.rate });
    expectClose(
      W1,
      array([
        [1.5, -1],
        [1.5, 0],
      ]),
      exact,
    );
    expectClose(W2, array([[2.5], [1]]), exact);
  });
});

test("the lecture's layer: gradients of inputs, weights and bias for given upstream rows", () => {
  const W = array([
    [0.2, 0.5, -0.26],
    [0.8, -0.91, -0.27],
    [-0.5, 0.26, 0.17],
    [1, -0.5, 0.87],
  ]);
  const network = new Networks("Layer").input("x", [4]).layer("z", "Dense", ["x"], { units: 3 }).returning("z");
  const { graph, tensors } = build(network, { batchSize: 3, mode: "train" });
  const dy = graph.constant(
    array([
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]),
  );
  const [dx, dW, db] = gradients(
    tensors.get("z")!,
    ["x", "z.W", "z.b"].map((id) => tensors.get(id)!),
    dy,
  );
  const evaluation = new Evaluation([dx!, dW!, db!]);
  const x = array([
    [1, 2, 3, 2.5],
    [2, 5, -1, 2],
    [-1.5, 2.7, 3.3, -0.8],
  ]);
  evaluation.run(
    new Map([
      ["x", x],
      ["z.W", W],
      ["z.b", array([0, 0, 0])],
    ]),
    sameRandomNumbers,
  );
  const rounding = 1e-14; // Sums of three products.
  expectClose(
    evaluation.value(dx!),
    array([
      [0.44, -0.38, -0.07, 1.37],
      [0.88, -0.76, -0.14, 2.74],
      [1.32, -1.14, -0.21, 4.11],
    ]),
    rounding,
  );
  expectClose(
    evaluation.value(dW!),
    array([
      [0.5, 0.5, 0.5],
      [20.1, 20.1, 20.1],
      [10.9, 10.9, 10.9],
      [4.1, 4.1, 4.1],
    ]),
    rounding,
  );
  expectClose(evaluation.value(db!), array([6, 6, 6]), rounding);
});

test("the lecture's neuron", () => {
  const network = new Networks("Neuron")
    .input("x", [3])
    .parameter("w", array([-3, -1, 2]))
    .parameter("b", array(1))
    .operation("xw", "matmul", ["x", "w"])
    .operation("z", "add", ["xw", "b"])
    .layer("y", "ReLU", ["z"])
    .returning("y");
  const { tensors } = build(network, { batchSize: 1, mode: "eval" });
  const flowing = gradients(
    tensors.get("y")!,
    ["x", "w", "b"].map((id) => tensors.get(id)!),
  );
  const evaluation = new Evaluation([tensors.get("y")!, ...flowing.map((tensor) => tensor!)]);
  evaluation.run(
    new Map([
      ["x", array([[1, -2, 3]])],
      ["w", array([-3, -1, 2])],
      ["b", array(1)],
    ]),
    sameRandomNumbers,
  );
  expect([...evaluation.value(tensors.get("y")!).data]).toEqual([6]);
  expectClose(evaluation.value(flowing[0]!), array([[-3, -1, 2]]), 0);
  expectClose(evaluation.value(flowing[1]!), array([1, -2, 3]), 0);
  expectClose(evaluation.value(flowing[2]!), array(1), 0);
});

test("the Jacobian of z = W x is W", () => {
  const W = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const network = new Networks("Map")
    .input("x", [3])
    .parameter("W", W)
    .operation("z", "matmul", ["W", "x"])
    .returning("z");
  const { graph, tensors } = build(network, { batchSize: 1, mode: "eval" });
  const rows = [
    [1, 0],
    [0, 1],
  ].map((row) => gradients(tensors.get("z")!, [tensors.get("x")!], graph.constant(array([row])))[0]!);
  const evaluation = new Evaluation(rows);
  evaluation.run(new Map([["W", W]]), sameRandomNumbers);
  expect(rows.flatMap((row) => [...evaluation.value(row).data])).toEqual([...W.data]);
});

describe("a loss fused with the activation before it", () => {
  const binary = new Networks("Binary").input("z", []).layer("p", "Sigmoid", ["z"]).returning("p");

  test("still shows the probability's own gradient, the lecture's", () => {
    const { gradient, value } = run(binary, {
      inputs: { z: array([1, 1]) },
      loss: "BinaryCrossEntropy",
      target: array([0, 1]),
      reduction: "sum",
    });
    const digits = 5e-8; // The lecture prints seven.
    expectClose(value("p"), array([0.7310586, 0.7310586]), digits);
    expectClose(gradient("p")!, array([3.7182818, -1.3678794]), digits);
    expectClose(gradient("z")!, array([0.7310586, -0.2689414]), digits);
  });

  test("its own gradient times the activation's derivative is the fused gradient", () => {
    const { gradient, value } = run(binary, {
      inputs: { z: array([-2, 0.3]) },
      loss: "BinaryCrossEntropy",
      target: array([0, 1]),
    });
    for (const i of [0, 1]) {
      const p = value("p").data[i]!;
      expect(gradient("p")!.data[i]! * p * (1 - p)).toBeCloseTo(gradient("z")!.data[i]!, 14);
    }
  });

  test("works for classes, behind layers, with gradients everywhere", () => {
    const network = new Networks("Classes")
      .input("x", [2])
      .layer("h", "Dense", ["x"], { units: 3 })
      .layer("p", "Softmax", ["h"])
      .returning("p");
    const { gradient, value, loss } = run(network, { inputs: { x: X }, loss: "CrossEntropy", target: array([2, 0]) });
    const p = value("p").data;
    expect(loss).toBeCloseTo(-(Math.log(p[2]!) + Math.log(p[3]!)) / 2, 14);
    expectClose(
      gradient("p")!,
      array([
        [0, 0, -0.5 / p[2]!],
        [-0.5 / p[3]!, 0, 0],
      ]),
      1e-14,
    );
    expectClose(
      gradient("h")!,
      array(
        [
          [p[0]!, p[1]!, p[2]! - 1],
          [p[3]! - 1, p[4]!, p[5]!],
        ].map((row) => row.map((d) => d / 2)),
      ),
      1e-14,
    );
    expect(gradient(targetId)).toBeUndefined();
    for (const id of ["x", "h.W", "h.b"]) expect(gradient(id)!.data.every((d) => d !== 0)).toBe(true);
  });

  test("stays finite at logits of ±1000", () => {
    const network = new Networks("Far").input("z", [2]).layer("p", "Softmax", ["z"]).returning("p");
    const { gradient, loss } = run(network, {
      inputs: { z: array([[1000, -1000]]) },
      loss: "CrossEntropy",
      target: array([1]),
    });
    expect(loss).toBe(2000);
    expectClose(gradient("z")!, array([[1, -1]]), 0);
    expect(gradient("p")!.data.every(Number.isFinite)).toBe(true);
  });
});

test("two uses of one instance share its weights and add up their gradients", () => {
  const shared = (b: ValueId) =>
    new Networks("Shared")
      .input("a", [2])
      .input("b", [2])
      .layer("first", "Dense", ["a"], { units: 1 }, "encoder")
      .layer("second", "Dense", [b], { units: 1 }, "encoder")
      .operation("y", "add", ["first", "second"])
      .returning("y");
  const network = shared("b");
  expect(network.parameters.map(({ id }) => id)).toEqual(["encoder.W", "encoder.b"]);
  const { gradient } = run(network, {
    inputs: { a: array([[1, 2]]), b: array([[10, 20]]) },
    loss: "MSE",
    target: array([0]),
  });
  const dy = gradient("y")!.data[0]!;
  expectClose(gradient("encoder.W")!, array([[11 * dy], [22 * dy]]), 1e-14);
  expectClose(gradient("encoder.b")!, array([2 * dy]), 1e-14);
});

test("dropout drops while training only", () => {
  const network = new Networks("Dropping").input("x", [50]).layer("y", "Dropout", ["x"], { rate: 0.5 }).returning("y");
  const ones = { shape: [1, 50], data: new Float64Array(50).fill(1) };
  const order = { inputs: { x: ones }, loss: "MSE", target: ones };
  const zeros = run(network, order)
    .value("y")
    .data.filter((value) => value === 0).length;
  expect(zeros).toBeGreaterThan(10);
  expect(run(network, { ...order, mode: "eval" }).value("y").data).toEqual(ones.data);
});

test("every node of the graph tells which value it was made for", () => {
  const { graph } = build(masha, { batchSize: 2, mode: "train" });
  const origins = graph.nodes.flatMap((node) => (node.kind === "op" ? [node.origin] : []));
  expect(origins).toEqual(["H1", "O1", "y"]);
});

describe("errors name the value", () => {
  test("a shape that does not fit", () => {
    const network = new Networks("Wrong").input("x", [2]).layer("h", "Dense", ["x"], { units: 3 }).returning("h");
    const [x, h] = network.values;
    const broken = { ...network, values: [{ ...x!, shape: [] }, h!] };
    expect(() => build(broken, { batchSize: 1, mode: "train" })).toThrow("h: Dense needs a vector");
  });

  test("a shape that is not known", () => {
    const network = new Networks("Unknown").input("x", [2]).returning("x");
    const { shape: _, ...x } = network.values[0]!;
    expect(() => build({ ...network, values: [x] }, { batchSize: 1, mode: "train" })).toThrow(
      "x: its shape is not known.",
    );
  });

  test("an output that depends on no input", () => {
    const network = new Networks("Constant").parameter("W", array([1, 2])).returning("W");
    const built = build(network, { batchSize: 1, mode: "train" });
    expect(() => buildLoss(built, network, { loss: lossCall("MSE"), targetShape: [2], reduction: "mean" })).toThrow(
      "Constant returns W [2], which depends on no input",
    );
  });
});

test("a network learns exclusive or, the same on every run", () => {
  const network = new Networks("Xor")
    .input("x", [2])
    .layer("h", "Dense", ["x"], { units: 8 })
    .layer("a", "Tanh", ["h"])
    .layer("z", "Dense", ["a"], { units: 1 })
    .layer("p", "Sigmoid", ["z"])
    .returning("p");
  const learn = () => {
    const built = build(network, { batchSize: 4, mode: "train" });
    const { loss, gradients } = buildLoss(built, network, {
      loss: lossCall("BinaryCrossEntropy"),
      targetShape: [],
      reduction: "mean",
    });
    const adam = optimizer({ name: "Adam", arguments: { rate: 0.05 } });
    const gradientOf = gradients(network.parameters.map(({ id }) => id));
    const evaluation = new Evaluation([loss, ...gradientOf.values()]);
    const random = randomStream(1, streamOf("weights"));
    const weights = new Map(
      network.parameters.map(({ id, shape, initializer }) => [id, initialize(initializer, shape, random)]),
    );
    const slots = new Map(
      network.parameters.map(({ id, shape }) => [id, [0, 1].map(() => new Float64Array(sizeOf(shape)))]),
    );
    const feeds = new Map([
      ...weights,
      [
        "x",
        array([
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ]),
      ],
      ["target", array([0, 1, 1, 0])],
    ] as [string, NdArray][]);
    for (let step = 1; step <= 300; step++) {
      evaluation.run(feeds, sameRandomNumbers);
      for (const [id, tensor] of gradientOf)
        adam.update(weights.get(id)!.data, evaluation.value(tensor).data, slots.get(id)!, { step, rate: adam.rate });
    }
    return evaluation.value(loss).data[0]!;
  };
  const loss = learn();
  expect(loss).toBeLessThan(0.02);
  expect(learn()).toBe(loss);
});
