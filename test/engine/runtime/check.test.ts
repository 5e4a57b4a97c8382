// Checks: what holds, and what is said about what does not.

import { describe, expect, test } from "vitest";
import { runCheck } from "../../../engine/runtime/check";
import { masha, mashaInputs } from "../../lecture";
import { checkOf, withoutTraining } from "./support";

const report = async (body: string, network = masha, call = `Masha(${mashaInputs})`) =>
  runCheck(await checkOf(`${network}\ncheck "it" on ${call} {\n${body}\n}`), withoutTraining);

const difference = async (body: string) => {
  const { expectations } = await report(body);
  return expectations.map(({ difference }) => difference);
};

const loss = "target: [[2], [1]]  loss: HalfMSE  optimizer: SGD(rate: 1)";

describe("Masha's network, with the numbers of the exercise book", () => {
  test("forward, loss, gradients, one step", async () => {
    const { ok, expectations, problem } = await report(`${loss}
      expect H1 == [[2, -1], [0, 1]]
      expect loss == 0.25
      expect grad(W2) == [[-1], [0]]
      expect grad(W1) == [[-0.25, 0], [-0.5, 0]]
      step
      expect W2 == [[1.5], [1]]
      expect W1 == [[1.25, -1], [1, 0]]`);
    expect({ ok, problem, count: expectations.length }).toEqual({ ok: true, problem: undefined, count: 6 });
  });

  test("each step computes everything anew, and the optimizer remembers", async () => {
    // Momentum 0.5 on y = w·x with x = 1, t = 0, L = y²/2: the gradient is w. w: 1 → 1 − 0.1 = 0.9; v = 0.5 + 0.9 = 1.4, w → 0.76.
    const network = "network One(x) { param w = 1  y = w * x  return y }";
    const { ok, expectations } = await report(
      `target: 0  loss: HalfMSE  optimizer: SGD(rate: 0.1, momentum: 0.5)
       step
       expect w == 0.9
       expect loss == 0.405
       step
       expect w == 0.76`,
      network,
      "One(x: 1)",
    );
    expect(expectations.map(({ difference }) => difference)).toEqual(["", "", ""]);
    expect(ok).toBe(true);
  });
});

describe("without a loss", () => {
  const layer = `network Layer(x: [2]) { return x -> Dense(1) as h }`;

  test("gradients are those of the summed output", async () => {
    const { ok } = await report(
      "given h.W = [[3], [4]]  given h.b = [0]  expect grad(x) == [[3, 4], [3, 4]]  expect grad(h.b) == [2]",
      layer,
      "Layer(x: [[1, 2], [5, 6]])",
    );
    expect(ok).toBe(true);
  });

  test("upstream is the vector of the vector-Jacobian product", async () => {
    const { ok } = await report(
      "given h.W = [[3], [4]]  upstream: [[1], [10]]  expect grad(x) == [[3, 4], [30, 40]]",
      layer,
      "Layer(x: [[1, 2], [5, 6]])",
    );
    expect(ok).toBe(true);
  });

  test("one sample stands without its batch dimension", async () => {
    const circuit = "network Circuit(x, y, z) { q = x + y  f = q * z  return f }";
    const { ok } = await report("expect q == 3  expect grad(z) == 3", circuit, "Circuit(x: -2, y: 5, z: -4)");
    expect(ok).toBe(true);
  });

  test("what the output does not depend on has gradient 0", async () => {
    const unused = "network Half(x: [2], z: [2]) { y = 2 * x  return y }";
    const { expectations } = await report("expect grad(z) == [0, 0]", unused, "Half(x: [1, 2], z: [3, 4])");
    expect(expectations.map(({ difference }) => difference)).toEqual([""]);
  });
});

describe("messages say what was expected, what came, where they differ", () => {
  test("one element", async () => {
    const { ok, expectations } = await report(`${loss} expect H1 == [[2, -0.5], [0, 1]]`);
    expect(ok).toBe(false);
    expect(expectations[0]).toEqual({
      text: "H1 == [[2, -0.5], [0, 1]]",
      ok: false,
      expected: "[[2, -0.5], [0, 1]]",
      actual: "[[2, -1], [0, 1]]",
      difference: "H1[0][1] is -1, expected -0.5",
    });
  });

  test("several elements, an order, an inequality", async () => {
    expect(
      await difference(`${loss}
      expect H1 == [[0, 0], [0, 0]]
      expect loss < 0.1
      expect y >= 1
      expect y > 0.5
      expect loss != 0.25
      expect y != [[1], [2]]`),
    ).toEqual([
      "H1[0][0] is 2, expected 0 (and 2 more)",
      "loss is 0.25, expected < 0.1",
      "",
      "",
      "loss is the same as the right side, within 0.0001",
      "",
    ]);
  });

  test("numbers that differ never read the same", async () => {
    const { expectations } = await report(`${loss} tolerance: 1e-12 expect loss == 0.25000000001`);
    expect(expectations[0]).toMatchObject({ ok: false, expected: "0.25000000001", actual: "0.25" });
  });

  test("within the tolerance is equal, NaN never is", async () => {
    expect(
      await difference(`${loss} tolerance: 0.1 expect loss == 0.3 expect loss == 0.4 expect sqrt(0 - loss) == 0`),
    ).toEqual(["", "loss is 0.25, expected 0.4", expect.stringContaining("is NaN, expected 0")]);
  });

  test("a step without an optimizer and a loss without a target are problems, not crashes", async () => {
    const { optimizer: _, ...withoutOptimizer } = await checkOf(`${masha}
      check "it" on Masha(X: [1, 2]) { target: [1] loss: HalfMSE optimizer: SGD(rate: 1) step expect loss == 0 }`);
    expect(await runCheck(withoutOptimizer, withoutTraining)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("optimizer"),
    });
    const { target: __, ...withoutTarget } = withoutOptimizer;
    expect(await runCheck({ ...withoutTarget, statements: [] }, withoutTraining)).toMatchObject({
      problem: expect.stringContaining("target"),
    });
  });

  test("metrics are there too", async () => {
    expect(await difference(`${loss} expect mse == 0.5`)).toEqual([""]);
  });
});
