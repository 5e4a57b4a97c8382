// The language as it is specified, sentence by sentence and in that order: checks. The names of the tests are the sentences.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../../cli/run-cli";
import { masha, oneStep } from "../../lecture";
import { failuresOf, mashaCheck, moduleOf } from "./programs";

describe("check", () => {
  test("the worked example of the page", async () => expect(await mashaCheck(oneStep)).toEqual([]));

  test("an input of the declared rank is one sample; one rank more is a batch", async () => {
    expect(await mashaCheck("expect H1 == [2, -1]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("expect H1 == [[2, -1]]", "X: [[1, 2]]")).toEqual([]);
  });

  test("check … after TrainName runs the training first and checks its results", async () => {
    const text = `data P = Plane(samples: 40)\nnetwork Line(x: [2]) {\n  return x -> Dense(1) as h\n}\ntrain Line on P {\n  loss: MSE\n  optimizer: SGD(rate: 0.1)\n  epochs: 30\n}\ncheck "c" after Line {\n  expect loss < 0.2\n  expect h.W != 0\n}`;
    expect(await failuresOf(text)).toEqual([]);
  });

  test("assertions run in order; step applies the optimizer", async () =>
    expect(
      await mashaCheck(
        "target: [[2], [1]]\nloss: HalfMSE\noptimizer: SGD(rate: 1)\nexpect W2 == [[0.5], [1]]\nstep\nexpect W2 == [[1.5], [1]]",
      ),
    ).toEqual([]));

  test("a loss is averaged over the batch; reduction: sum adds instead", async () => {
    const loss = "target: [[2], [1]]\nloss: HalfMSE\n";
    expect(await mashaCheck(`${loss}expect loss == 0.25`)).toEqual([]);
    expect(await mashaCheck(`${loss}reduction: sum\nexpect loss == 0.5\nexpect grad(W2) == [[-2], [0]]`)).toEqual([]);
  });

  test("given h1.W = [[…]] sets a parameter before the run", async () =>
    expect(
      await failuresOf(
        'network N(x: [2]) {\n  return x -> Dense(1) as h1\n}\ncheck "c" on N(x: [1, 2]) {\n  given h1.W = [[3], [4]]\n  given h1.b = [5]\n  expect h1 == [16]\n}',
      ),
    ).toEqual([]));

  test("a check computes in float64, forward and backward", async () =>
    expect(
      await failuresOf(
        'network N(x) {\n  y = (x + 0.2) ^ 2\n  return y\n}\ncheck "c" on N(x: 0.1) {\n  tolerance: 1e-15\n  expect y == 0.09\n  expect grad(x) == 0.6\n}',
      ),
    ).toEqual([]));

  test.each([
    ["Dense.W is [in, out], b is [out]", "Dense(3)", "[2]", { W: [2, 3], b: [3] }],
    [
      "Conv2D.W is [filters, channels, height, width]",
      "Conv2D(4, kernel: 3)",
      "[2, 8, 8]",
      { W: [4, 2, 3, 3], b: [4] },
    ],
    // PyTorch: weight_ih_l0 [4·hidden, in], weight_hh_l0 [4·hidden, hidden], and both biases.
    ["LSTM's", "LSTM(3)", "[5, 2]", { Wx: [2, 12], Wh: [3, 12], bx: [12], bh: [12] }],
    ["GRU's", "GRU(3)", "[5, 2]", { Wx: [2, 9], Wh: [3, 9], bx: [9], bh: [9] }],
    // PyTorch: in_proj_weight [3·size, size], out_proj.weight [size, size].
    ["SelfAttention's", "SelfAttention(2)", "[5, 4]", { W: [4, 12], b: [12], Wo: [4, 4], bo: [4] }],
  ])("weights as PyTorch lays them out, transposed to [in, out]: %s", (_, layer, shape, expected) => {
    const { parameters } = moduleOf(`network N(x: ${shape}) {\n  return x -> ${layer} as h\n}`).networks[0]!;
    expect(Object.fromEntries(parameters.map(({ name, shape: size }) => [name, size]))).toEqual(expected);
  });

  test("a check is a test in `nnet test`, with the message of the Test Explorer: what was expected, what came, where they differ", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nnet-check-"));
    try {
      // test/ui/test-explorer.test.ts reads the same words in the editor.
      const expectation = "expect y == [[1], [3]]";
      writeFileSync(
        join(folder, "masha.nnet"),
        `${masha}check "c" on Masha([[1, 2], [-1, 2]]) {\n  ${expectation}\n}\n`,
      );
      const { code, out } = await runCli(["test", "masha.nnet"], { folder });
      expect(code).toBe(1);
      expect(out).toContain(
        `${expectation}\n      y[1][0] is 1, expected 3\n      expected [[1], [3]]\n      actual   [[1], [1]]`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("inside: every value, loss, target, the metrics, grad(v), jacobian(y, x), norm(v)", async () => {
    expect(
      await mashaCheck(
        "target: [2]\nloss: MSE\nexpect O1 == [2, 0]\nexpect loss == 1\nexpect target == [2]\nexpect mse == 1\nexpect grad(y) == [-2]\nexpect jacobian(H1, X) == [[1, 0.5], [-1, 0]]\nexpect norm(W1) == 1.5",
        "X: [1, 2]",
      ),
    ).toEqual([]);
  });

  test("what is inside a named use of a block is there, too", async () =>
    expect(
      await failuresOf(
        'block Line(x) {\n  h = x -> Dense(1)\n  return h * 2\n}\nnetwork N(x: [2]) {\n  return x -> Line as first\n}\ncheck "c" on N(x: [1, 2]) {\n  given first.h.W = [[3], [4]]\n  expect first.h == [11]\n  expect first == [22]\n  expect grad(first.h.W) == [[2], [4]]\n}',
      ),
    ).toEqual([]));

  test("with no loss grad is of the summed output, or of upstream: […] as the vector of a vector-Jacobian product", async () => {
    expect(await mashaCheck("expect grad(W2) == [[2], [0]]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("upstream: [3]\nexpect grad(W2) == [[6], [0]]", "X: [1, 2]")).toEqual([]);
  });

  test("grad(X) and grad(target) are there too", async () =>
    expect(
      await mashaCheck("target: [2]\nloss: MSE\nexpect grad(X) == [-1, -0.5]\nexpect grad(target) == [2]", "X: [1, 2]"),
    ).toEqual([]));

  test("== compares within tolerance: 1e-4", async () => {
    expect(await mashaCheck("expect H1 == [2.00005, -1]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("expect H1 == [2.001, -1]", "X: [1, 2]")).toHaveLength(1);
    expect(await mashaCheck("tolerance: 0.01\nexpect H1 == [2.001, -1]", "X: [1, 2]")).toEqual([]);
  });
});
