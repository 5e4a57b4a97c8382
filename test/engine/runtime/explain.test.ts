// One number of a training explained: formula, numbers, causes, chain, worked out by hand.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../engine/data/dataset";
import type { ExplainOrder, Explanation } from "../../../engine/protocol/explanation";
import { Explainer } from "../../../engine/runtime/explainer";
import { Desk, orderOf } from "./desk";
import { inFloat64, noisy, trainerOf, unhurried, xor } from "./support";

/** x₀ = [1, 2], x₁ = [−1, 0]; h = x W; r = ReLU(h); y = r V; L = mean (y − t)². */
const small = `
  data Points = Table(inputs: [[1, 2], [-1, 0]], targets: [1, 0])
  network Small(x: [2]) {
    param W = [[1, -1], [1, 0]]
    param V = [[2], [3]]
    h = x @ W
    r = h -> ReLU
    y = r @ V
    return y
  }
  train Small on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 shuffle: false }`;

async function explained(text: string, order: ExplainOrder, steps = 0): Promise<Explanation> {
  const trainer = await trainerOf(text, {}, inFloat64);
  for (let step = 0; step < steps; step++) trainer.stepOnce();
  return await new Explainer(unhurried).explain(trainer, order);
}

describe("the formula", () => {
  test("of a value has the numbers it is computed from", async () => {
    const { latex, result, name, shape } = await explained(small, { id: "h", of: "value", element: [0, 0] });
    expect(latex).toBe("h = x\\,W\nh_{0,0} = 1 \\cdot 1 + 2 \\cdot 1 = 3");
    expect({ result, name, shape }).toEqual({ result: 3, name: "h", shape: [2, 2] });
  });

  // y = [6, 3], ∂L/∂y = (y − t) · 2/2 = [5, 3]; r = [[3, 0], [0, 1]].
  test("of a parameter's gradient adds up the samples", async () => {
    const { latex, result } = await explained(small, { id: "V", of: "gradient", element: [0, 0] });
    expect(latex.split("\n")[0]).toBe(
      "\\frac{\\partial L}{\\partial V} = r^{\\top}\\,\\frac{\\partial L}{\\partial y}",
    );
    expect(latex).toContain("= 3 \\cdot 5 + 0 \\cdot 3");
    expect(result).toBe(15);
  });

  test("of many terms has the largest, and the sum of the others", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const text = `
      data Points = Table(inputs: [[${numbers.join(", ")}]], targets: [1])
      network Sum(x: [20]) { return sum(x) }
      train Sum on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 1 epochs: 1 }`;
    const { id } = (await trainerOf(text)).training.network.values.at(-1)!;
    const { latex, terms, result } = await explained(text, { id, of: "value" });
    expect(latex).toContain("15 + 16 + 17 + 18 + 19 + 20");
    expect(latex).toContain("\\underbrace{105}_{\\text{14 more terms}}");
    expect(terms).toEqual({ all: 20, written: 6 });
    expect(result).toBe(210);
  });

  test("of an input is its number", async () => {
    const { latex, result } = await explained(small, { id: "x", of: "value", element: [0, 1] });
    expect(latex).toBe("x_{0,1} = 2");
    expect(result).toBe(2);
  });

  test("is a picture in the color of its place", async () => {
    const { picture } = await explained(small, { id: "h", of: "value" });
    expect(picture.svg).toMatch(/^<svg .*<\/svg>$/s);
    expect(picture.svg).toContain("currentColor");
    expect(picture.width).toBeGreaterThan(20);
    expect(picture.svg).toContain(`width="${picture.width}" height="${picture.height}"`);
  });
});

describe("the element", () => {
  test("that is studied is the one with the largest gradient", async () => {
    // ∂L/∂r = ∂L/∂y Vᵀ = [[10, 15], [6, 9]].
    const { element, isLargest, result } = await explained(small, { id: "r", of: "gradient" });
    expect({ element, isLargest, result }).toEqual({ element: [0, 1], isLargest: true, result: 15 });
    expect((await explained(small, { id: "r", of: "value" })).element).toEqual([0, 1]);
  });

  test.each([{ element: [0, 9] }, { element: [0] }, { element: [-1, 0] }])("$element does not exist", (place) =>
    expect(explained(small, { id: "h", of: "gradient", ...place })).rejects.toThrow(
      "h has the shape [2, 2]: there is no element",
    ),
  );

  test("of what is not there is an error", async () => {
    await expect(explained(small, { id: "none", of: "value" })).rejects.toThrow(DataError);
    const text = small.replace("param W", "const W");
    const { difference } = await explained(text, { id: "W", of: "gradient", checkGradient: true });
    expect(difference!.relativeError).toBeLessThan(1e-6);
  });
});

describe("numbers", () => {
  test("are those of the training up to the rounding of float32", async () => {
    const trainer = await trainerOf(noisy);
    for (let step = 0; step < 5; step++) trainer.stepOnce();
    const explainer = new Explainer(unhurried);
    const { network } = trainer.training;
    for (const { id } of [...network.values, ...network.parameters]) {
      for (const of of ["value", "gradient"] as const) {
        const { trained, result, name } = await explainer.explain(trainer, { id, of });
        expect(trained.precision).toBe("float32");
        expect(Math.abs(trained.number - result), name).toBeLessThan(1e-5 * Math.max(0.1, Math.abs(result)));
      }
    }
    trainer.close();
  });

  test("go on with the training", async () => {
    const trainer = await trainerOf(xor, {}, inFloat64);
    const explainer = new Explainer(unhurried);
    const first = await explainer.explain(trainer, { id: "h.W", of: "value", element: [0, 0] });
    trainer.stepOnce();
    const second = await explainer.explain(trainer, { id: "h.W", of: "value", element: [0, 0] });
    expect([first.step, second.step]).toEqual([0, 1]);
    expect(second.result).toBe(trainer.weights.get("h.W")!.data[0]);
    expect(second.result).not.toBe(first.result);
  });

  test("of a gradient agree with a central difference where one is asked for", async () => {
    const asked = await explained(xor, { id: "h.W", of: "gradient", checkGradient: true }, 3);
    expect(asked.difference!.relativeError).toBeLessThan(1e-6);
    expect(asked.difference!.number).toBeCloseTo(asked.result, 8);
    expect((await explained(xor, { id: "h.W", of: "gradient" }, 3)).difference).toBeUndefined();
  });
});

describe("a central difference", () => {
  const check = async (text: string, order: Omit<ExplainOrder, "of">) =>
    (await explained(text, { ...order, of: "gradient", checkGradient: true })).difference!;

  // h[0] = [1, 0] there: ReLU has the slope 0 to the left of its second and 1 to the right; ∂L/∂r = ∂L/∂y V.
  test("at a kink is the mean of the slopes on both sides, and says them", async () => {
    const atKink = small.replace("[[1, -1], [1, 0]]", "[[1, 2], [0, -1]]");
    const { sides, gradient, number } = await check(atKink, { id: "h", element: [0, 1] });
    const above = await check(atKink, { id: "r", element: [0, 1] });
    expect(gradient).toBe(0);
    expect(sides!.left).toBeCloseTo(0, 8);
    expect(sides!.right).toBeCloseTo(above.gradient, 3);
    expect(number).toBeCloseTo(above.gradient / 2, 3);
  });

  test("of a smooth loss has one slope, at its minimum too", async () => {
    expect((await check(small, { id: "h", element: [0, 0] })).sides).toBeUndefined();
    const atMinimum = small.replace("targets: [1, 0]", "targets: [6, 3]");
    const { sides, isZero } = await check(atMinimum, { id: "y", element: [0, 0] });
    expect(sides).toBeUndefined();
    expect(isZero).toBe(true);
  });

  test("agrees for all numbers of a block, turn by turn of its repeat", async () => {
    const turns = `
      data Points = Table(inputs: [[1, 2], [-1, 0.5]], targets: [1, 0])
      block Turn(x) { z = x -> Dense(2) as lin -> Tanh  return x + z }
      network Deep(x: [2]) { return x -> Turn repeat 3 -> Dense(1) as y }
      train Deep on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 seed: 4 }`;
    const trainer = await trainerOf(turns, {}, inFloat64);
    const explainer = new Explainer(unhurried);
    const { values, parameters } = trainer.training.network;
    const ids = [...values, ...parameters].map(({ id }) => id);
    expect(ids.filter((id) => id.endsWith("lin.W"))).toHaveLength(3);
    for (const id of ids) {
      const { difference } = await explainer.explain(trainer, { id, of: "gradient", checkGradient: true });
      expect(difference!.relativeError, id).toBeLessThan(1e-6);
    }
  });

  test("is of one moment, while the training goes on", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(xor.replace("epochs: 200", "epochs: 50000")));
    desk.work(3);
    const order = { id: "h.W", of: "gradient", checkGradient: true } as const;
    const { step, difference } = await desk.until(desk.ask("explain", order));
    expect(desk.snapshots.at(-1)!.step).toBeGreaterThan(step);
    expect(difference!.relativeError).toBeLessThan(1e-6);
    await desk.written();
  });

  test("gives way to the next that is asked for", async () => {
    const waiting: (() => void)[] = [];
    let time = 0;
    const explainer = new Explainer({ now: () => time++, pause: () => new Promise((go) => waiting.push(go)) });
    const trainer = await trainerOf(xor, {}, inFloat64);
    const order = { id: "h.W", of: "gradient", checkGradient: true } as const;
    const first = explainer.explain(trainer, order);
    const refused = expect(first).rejects.toThrow("another gradient was to be checked meanwhile");
    const second = explainer.explain(trainer, { ...order, id: "h.b" });
    let isOver = false;
    void second.then(() => {
      isOver = true;
    });
    while (!isOver) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    await refused;
    expect((await second).difference!.relativeError).toBeLessThan(1e-6);
  });
});

describe("the chain", () => {
  test("of a gradient leads to the loss and away from it", async () => {
    const { from, to } = await explained(small, { id: "h", of: "gradient", element: [0, 1] });
    expect(from).toEqual([{ id: "r", of: "gradient", name: "∂L/∂r", element: [0, 1] }]);
    expect(to.map(({ name }) => name)).toEqual(["∂L/∂x", "∂L/∂W"]);
    expect((await explained(small, { id: "y", of: "gradient" })).from).toEqual([]);
  });

  test("of a value leads the other way", async () => {
    const { from, to } = await explained(small, { id: "h", of: "value" });
    expect(from.map(({ name }) => name)).toEqual(["x", "W"]);
    expect(to.map(({ name }) => name)).toEqual(["r"]);
  });
});

describe("causes", () => {
  const causes = async (text: string, order: ExplainOrder): Promise<string> =>
    (await explained(text, order)).causes.join(" ");

  test("a unit that is off", async () => {
    expect(await causes(small, { id: "r", of: "value", element: [0, 1] })).toBe(
      "It is 0 because h[0][1] = −1 is not above 0: this ReLU is off for this sample alone.",
    );
    expect(await causes(small, { id: "h", of: "gradient", element: [0, 1] })).toBe(
      "It is 0 because r[0][1] = 0: this ReLU is off for this sample alone.",
    );
  });

  test("a unit that is off for the whole batch, seen at its weights", async () => {
    const text = small.replace("[[1, -1], [1, 0]]", "[[1, 0], [1, -1]]");
    expect(await causes(text, { id: "W", of: "gradient", element: [0, 1] })).toBe(
      "It is 0 because all 2 terms are: in 2 of them ∂L/∂h[0][1] = 0, and that because r[0][1] = 0: this ReLU is off for the whole batch.",
    );
  });

  test("a saturated unit", async () => {
    const text = small.replace("-> ReLU", "-> Tanh");
    expect(await causes(text, { id: "h", of: "gradient", element: [0, 0] })).toBe(
      "It is small because r[0][0] = 0.9951: this Tanh is saturated for this sample alone, where its slope is 0.009866.",
    );
  });

  test("what dropout drops", async () => {
    const text = small.replace("-> ReLU", "-> Dropout(0.9)");
    const trainer = await trainerOf(text, {}, inFloat64);
    const dropped = trainer.inspect().value("r").data.indexOf(0);
    const element = [Math.floor(dropped / 2), dropped % 2];
    expect(await causes(text, { id: "h", of: "gradient", element })).toMatch(
      /^It is 0 because this Dropout drops h\[\d\]\[\d\] in this step\.$/,
    );
  });

  const image = `
    data Images = Table(inputs: [[1, 2, 3, 4]], targets: [1])
    network Image(x: [4]) {
      i = x -> Reshape([1, 2, 2])
      c = i -> Conv2D(1, 3, padding: "same", bias: false)
      m = i -> MaxPool2D
      return sum(c) + sum(m)
    }
    train Image on Images { loss: MSE optimizer: SGD(rate: 0.1) batch: 1 epochs: 1 }`;

  test("what is not the largest of its window", async () => {
    const alone = image.replace("sum(c) + sum(m)", "sum(m)").replace(/\n.*Conv2D.*/, "");
    expect(await causes(alone, { id: "i", of: "gradient", element: [0, 0, 0, 0] })).toBe(
      "It is 0 because i[0][0][0][0] is not the largest number of any window that this MaxPool2D looks at.",
    );
    expect(await causes(alone, { id: "i", of: "gradient", element: [0, 0, 1, 1] })).toBe("");
    // Of the largest, whose gradient is 0 for another reason.
    const off = alone
      .replace("MaxPool2D", "MaxPool2D\n      n = m * (-1)\n      r = n -> ReLU")
      .replace("sum(m)", "sum(r)");
    expect(await causes(off, { id: "i", of: "gradient", element: [0, 0, 1, 1] })).toBe("");
    expect(await causes(off, { id: "i", of: "gradient", element: [0, 0, 0, 0] })).toContain(
      "is not the largest number",
    );
  });

  test("the border of an image", async () => {
    expect(await causes(image, { id: "c", of: "value", element: [0, 0, 0, 0] })).toBe(
      "5 of the 9 numbers under its window lie outside of the image and count as 0.",
    );
  });

  const attention = `
    data Points = Table(inputs: [[[1, 2], [-1, 0.5], [0.3, 2]], [[0, 1], [2, -0.5], [1, 1]]], targets: [1, 2])
    network Attentive(x: [3, 2]) {
      param V = [[1, -1], [1, 0.5]]
      h = x @ V
      y = h -> SelfAttention(1, causal: true)
      return y[0] -> Dense(1) as z
    }
    train Attentive on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 shuffle: false seed: 1 }`;

  test("a step that none of those may look at that learn", async () => {
    expect(await causes(attention, { id: "h", of: "gradient", element: [1, 2, 0] })).toBe(
      "It is 0 because ∂L/∂y[1] is 0 at every step but step 0, and step 0 may not look at step 2 in this SelfAttention: it is masked.",
    );
    expect(await causes(attention, { id: "x", of: "gradient", element: [1, 2, 0] })).toMatch(
      /^It is 0 because all 2 terms are: in 2 of them ∂L\/∂h\[1\]\[2\]\[0\] = 0, and that because ∂L\/∂y\[1\] is 0 at every step but step 0/,
    );
    const two = attention.replace("y[0]", "(y[0] + y[1])");
    expect(await causes(two, { id: "h", of: "gradient", element: [0, 2, 1] })).toContain(
      "at every step but steps 0 and 1, and steps 0 and 1 may not look at step 2",
    );
  });

  test("that is the reason wherever it is said, and said wherever it is", async () => {
    const masked = "may not look at step";
    for (const learning of [[0], [1], [0, 2]]) {
      const ofSteps = attention.replace("y[0]", `(${learning.map((step) => `y[${step}]`).join(" + ")})`);
      for (const element of [
        [0, 0, 0],
        [0, 1, 1],
        [1, 2, 1],
      ]) {
        const order = { id: "h", of: "gradient", element, checkGradient: true } as const;
        const causal = await explained(ofSteps, order);
        const isMasked = learning.every((step) => step < element[1]!);
        expect(causal.causes.join().includes(masked), `${learning} of ${element}`).toBe(isMasked);
        expect(causal.difference!.isZero).toBe(isMasked);
        const open = await explained(ofSteps.replace("causal: true", "causal: false"), order);
        expect(open.causes.join()).not.toContain(masked);
        expect(open.difference!.isZero).toBe(false);
      }
    }
    // Used elsewhere, which alone would be a reason not to be 0.
    const residual = attention.replace("return y[0]", "r = h * 0 + y\n      return r[0]");
    expect(await causes(residual, { id: "h", of: "gradient", element: [1, 2, 0] })).not.toContain(masked);
  });

  /** p is what softmax makes of the sum of both. */
  const masking = (scores: readonly (readonly number[])[], mask: readonly (readonly number[])[]) => `
    data Points = Table(inputs: [[${scores.map((_, row) => row + 1).join(", ")}]], targets: [[1, 0, 0]])
    network Masked(x: [${scores.length}]) {
      param S = ${JSON.stringify(scores)}
      const mask = ${JSON.stringify(mask)}
      s = S + mask
      p = softmax(s)
      return x @ p
    }
    train Masked on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 1 epochs: 1 }`;

  test("a position that a mask hides from a softmax", async () => {
    const scores = [
      [2, 1, 0],
      [0, -3, 900],
      [1, 1, 1],
    ];
    const text = masking(scores, [
      [0, -1e9, -1e9],
      [0, 0, -1e9],
      [0, 0, 0],
    ]);
    const reason = "mask[0][1] = −1000000000 is added to S[0][1] = 1: this position is masked for this softmax.";
    expect(await causes(text, { id: "p", of: "value", element: [0, 1] })).toBe(`It is 0 because ${reason}`);
    expect(await causes(text, { id: "s", of: "gradient", element: [0, 1] })).toBe(
      `It is 0 because p[0][1] = 0, and that because ${reason}`,
    );
    expect(await causes(text, { id: "p", of: "value", element: [2, 1] })).toBe("");
    const open = masking(scores, [[0, 0, 0]]);
    expect(await causes(open, { id: "p", of: "value", element: [1, 0] })).toBe(
      "It is 0 because s[1][0] = 0 is so far below the largest number of its row, 900, that nothing of this softmax is left for it.",
    );
  });

  test("and of no position that would be 0 without its mask", async () => {
    const row = (...numbers: number[]) => fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...numbers)));
    const softmaxOf = (numbers: readonly number[]) => {
      const powers = numbers.map((number) => Math.exp(number - Math.max(...numbers)));
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    };
    await fc.assert(
      fc.asyncProperty(row(-800, -40, 0, 2, 800), row(0, -40, -800, -1e9), async (scores, mask) => {
        const masked = scores.map((score, at) => score + mask[at]!);
        for (const at of [0, 1, 2]) {
          const said = await causes(masking([scores], [mask]), {
            id: "p",
            of: "value",
            element: [0, at],
          });
          const withoutThis = softmaxOf(masked.with(at, scores[at]!))[at]!;
          const withoutAll = softmaxOf(scores)[at]!;
          const isReason = softmaxOf(masked)[at] === 0 && withoutThis > 0 && withoutAll > 0;
          expect(said.includes("is masked"), `${scores} + ${mask} at ${at}: ${said}`).toBe(isReason);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a division by little", async () => {
    const text = small.replace("r = h -> ReLU", "r = h / 0.01");
    expect(await causes(text, { id: "r", of: "value", element: [0, 0] })).toBe("");
    const divided = small.replace("r = h -> ReLU", "r = h / (x * 0.01)");
    expect(await causes(divided, { id: "r", of: "value", element: [0, 0] })).toBe(
      "It is large because the formula divides by 0.01.",
    );
  });

  test("what the training's clip makes of it", async () => {
    const text = small.replace("batch: 2", "batch: 2 clip: Value(limit: 1)");
    expect(await causes(text, { id: "V", of: "gradient", element: [0, 0] })).toBe(
      "The training's clip Value makes it 1 before the update.",
    );
  });

  test("a probability that is what it should be", async () => {
    const sure = (weight: number) => `
      data Points = Table(inputs: [[1], [-1]], targets: [1, 0])
      network Sure(x: [1]) {
        param W = [[${-weight}, ${weight}]]
        z = x @ W
        return z -> Softmax as p
      }
      train Sure on Points { loss: CrossEntropy optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 shuffle: false }`;
    expect(await causes(sure(3), { id: "z", of: "gradient", element: [0, 1] })).toBe(
      "It is close to 0 because p[0][1] = 0.9975 is already what it should be for the right class.",
    );
    expect(await causes(sure(3), { id: "z", of: "gradient", element: [0, 0] })).toBe(
      "It is close to 0 because p[0][0] = 0.002473 is already what it should be for a class that is not the right one.",
    );
    expect(await causes(sure(1), { id: "z", of: "gradient", element: [0, 1] })).toBe("");
    // Sure of the wrong class: far from learned, and its slope is no part of the gradient.
    expect(await causes(sure(-3), { id: "z", of: "gradient", element: [0, 1] })).toBe("");
  });

  test("a bias that a normalization takes away again", async () => {
    const normalized = (layer: string) => `
      data Points = Moons(samples: 16, noise: 0.1, seed: 2)
      network Normal(x: [2]) { return x -> Dense(3) as h -> ${layer} -> ReLU -> Dense(2) -> Softmax }
      train Normal on Points { loss: CrossEntropy optimizer: SGD(rate: 0.1) batch: 16 epochs: 1 seed: 3 }`;
    const said =
      "It is 0 up to rounding: its 16 terms cancel, because this BatchNorm subtracts the mean, and with it what h.b adds.";
    expect(await causes(normalized("BatchNorm"), { id: "h.b", of: "gradient" })).toBe(said);
    expect(await causes(normalized("LayerNorm"), { id: "h.b", of: "gradient" })).toBe("");
    const trainer = await trainerOf(normalized("BatchNorm"));
    const inFloat32 = await new Explainer(unhurried).explain(trainer, { id: "h.b", of: "gradient" });
    trainer.close();
    expect(inFloat32.causes).toEqual([said]);
  });

  test("a row that this batch did not look up", async () => {
    const letters = `
      data Words = Table(inputs: [[0, 2], [2, 0]], targets: [1, 0])
      network Words2(ids: [2]) { return ids -> Embedding(4, 3) as e -> Flatten -> Dense(1) }
      train Words2 on Words { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 seed: 1 }`;
    expect(await causes(letters, { id: "e.W", of: "gradient", element: [3, 1] })).toBe(
      "It is 0 because the number 3 is nowhere in ids of this batch: this Embedding did not look up its row.",
    );
    expect(await causes(letters, { id: "e.W", of: "gradient", element: [2, 1] })).toBe("");
  });

  test("gradients that grow or shrink from turn to turn", async () => {
    const turns = (weight: number) => `
      data Points = Table(inputs: [[1, 1]], targets: [0])
      block Turn(x, factor: float) { return x * factor }
      network Deep(x: [2]) {
        h = x * 1
        y = h -> Turn(${weight}) repeat 8
        return sum(y)
      }
      train Deep on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 1 epochs: 1 }`;
    expect(await causes(turns(3), { id: "h", of: "gradient" })).toMatch(
      /^Gradients grow on their way back to here: .* 9 values before it, .* times as much at each on average\.$/,
    );
    expect(await causes(turns(0.3), { id: "h", of: "gradient" })).toMatch(
      /^Gradients shrink on their way back to here/,
    );
    expect(await causes(turns(1.1), { id: "h", of: "gradient" })).toBe("");
  });

  test("nothing is said where nothing special is the reason", async () =>
    expect(await causes(small, { id: "V", of: "gradient", element: [0, 0] })).toBe(""));
});
