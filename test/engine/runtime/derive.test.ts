// Derivations: what is written is what is computed, for everything in the catalog, and it reads as on paper.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { functions } from "../../../engine/model/functions";
import { layers } from "../../../engine/model/layers";
import { type Loss, losses } from "../../../engine/model/losses";
import { ops } from "../../../engine/model/ops";
import { optimizers } from "../../../engine/model/optimizers";
import { regularizers } from "../../../engine/model/regularizers";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Check } from "../../../engine/protocol/network";
import {
  type Derivation,
  type DerivationStep,
  derivationPage,
  derive,
  evaluate,
  inNumbers,
  inSymbols,
  page,
} from "../../../engine/runtime/derive";
import { apply, constant, isClose, quantity } from "../../../engine/runtime/derive/expression";
import { identifier, numberPiece, widthOf } from "../../../engine/runtime/derive/latex";
import { simplify } from "../../../engine/runtime/derive/simplify";
import { withoutBatchSize } from "../../../engine/runtime/derive/statement";
import { masha, mashaInputs } from "../../lecture";
import { checkOf, moduleOf } from "./support";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (file: string): string => readFileSync(`${root}/${file}`, "utf8");
const lectures = ["masha", "neuron", "layer", "circuit", "two-layers"].map((name) => `examples/lectures/${name}.nnet`);

const stepsOf = ({ parts }: Derivation): readonly DerivationStep[] => parts.flatMap(({ steps }) => steps);

/** Every line of a derivation, computed once more from its names and numbers, gives what the engine has. */
function expectEveryLineToHold(derivation: Derivation): void {
  for (const { target, expression, result, shortcut } of stepsOf(derivation)) {
    // Sums in another order: rounding only.
    expect(
      isClose(evaluate(expression), result, 1e-9),
      `${target.plain}: ${[...evaluate(expression).data]} is not ${[...result.data]}`,
    ).toBe(true);
    if (shortcut) expect(isClose(evaluate(shortcut), result, 1e-9), `the shortcut to ${target.plain}`).toBe(true);
  }
}

/** Brackets match, names are not empty and nothing of JavaScript shows. */
function expectToBeLatex(markdown: string): void {
  const formulas = [...markdown.matchAll(/\$\$\n(.*?)\n\$\$/gs)].map((match) => match[1]!);
  expect(formulas.length).toBeGreaterThan(0);
  for (const formula of formulas) {
    const count = (pattern: RegExp) => [...formula.matchAll(pattern)].length;
    expect(count(/(?<!\\)\{/g), formula).toBe(count(/(?<!\\)\}/g));
    expect(count(/\\left[^a-z]/g), formula).toBe(count(/\\right[^a-z]/g));
    expect(count(/\\begin\{/g), formula).toBe(count(/\\end\{/g));
    expect(formula).not.toMatch(/undefined|\[object|#\w|NaN|\n\n/);
  }
}

async function derivationOf(text: string, title?: string): Promise<Derivation> {
  const { checks } = await moduleOf(text);
  return derive(title === undefined ? checks[0]! : checks.find((check) => check.title === title)!);
}

function literal(shape: Shape, value: (position: number) => number): string {
  let position = 0;
  const write = (sizes: Shape): string =>
    sizes.length === 0
      ? String(value(position++))
      : `[${Array.from({ length: sizes[0]! }, () => write(sizes.slice(1))).join(", ")}]`;
  return write(shape);
}

/** Numbers without a pattern, away from 0 and from each other. */
const some = (position: number, [low, high]: readonly [number, number] = [-1.5, 1.5]): number =>
  Number((low + (high - low) * ((0.137 + position * 0.61803) % 1)).toFixed(3));

const argumentsText = (args: Readonly<Record<string, unknown>> | undefined): string =>
  Object.entries(args ?? {})
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ")
    .replaceAll(/"(\w+)"/g, "$1");

describe("every layer", () => {
  for (const [name, { example }] of Object.entries(layers)) {
    test(`${name} can be derived, and every line holds`, async () => {
      const names = example.inputs.map((_, position) => `a${position}`);
      const inputs = names.map((input, position) => `${input}: [${example.inputs[position]!.join(", ")}]`);
      const given = names.map((input, position) => {
        const shape = [2, ...example.inputs[position]!];
        const numbers = (at: number) =>
          example.indices === undefined ? some(at + 7 * position) : at % example.indices;
        return `${input}: ${literal(shape, numbers)}`;
      });
      const piped = names.length === 1 ? names[0]! : `(${names.join(", ")})`;
      const derivation = await derivationOf(
        `
        network Net(${inputs.join(", ")}) { return ${piped} -> ${name}(${argumentsText(example.arguments)}) as stage }
        check "it" on Net(${given.join(", ")}) { expect norm(stage) >= 0 expect norm(grad(${names[0]})) >= 0 }
      `.replace(/upstream: \$\{upstream\}/, ""),
      );
      expectEveryLineToHold(derivation);
      expectToBeLatex(page(derivation));
      expect(stepsOf(derivation).some(({ kind, id }) => kind === "value" && id === "stage")).toBe(true);
    });
  }
});

describe("every function", () => {
  const operators: Readonly<Record<string, string>> = {
    add: "a0 + a1",
    subtract: "a0 - a1",
    multiply: "a0 * a1",
    divide: "a0 / a1",
    power: "a0 ^ a1",
    matmul: "a0 @ a1",
    transpose: "a0.T",
    negate: "-a0",
    equal: "a0 == a1",
    notEqual: "a0 != a1",
    less: "a0 < a1",
    lessEqual: "a0 <= a1",
    greater: "a0 > a1",
    greaterEqual: "a0 >= a1",
    index: "a0[1]",
  };
  for (const [name, { example }] of Object.entries(functions)) {
    // [b; W] is about weights.
    if (name === "augmented") continue;
    test(`${name} can be derived, and every line holds`, async () => {
      const names = example.inputs.map((_, position) => `a${position}`);
      const inputs = names.map((input, position) => `${input}: [${example.inputs[position]!.join(", ")}]`);
      const given = names.map(
        (input, position) =>
          `${input}: ${literal([2, ...example.inputs[position]!], (at) => some(at + 5 * position, example.range))}`,
      );
      const derivation = await derivationOf(`
        network Net(${inputs.join(", ")}) { y = ${operators[name] ?? `${name}(${names.join(", ")})`} return y }
        check "it" on Net(${given.join(", ")}) { expect norm(y) >= 0 expect norm(grad(a0)) >= 0 }
      `);
      expectEveryLineToHold(derivation);
      expectToBeLatex(page(derivation));
    });
  }
});

describe("every loss", () => {
  for (const [name, { example }] of Object.entries(losses) as [string, Loss][]) {
    for (const reduction of ["mean", "sum"]) {
      for (const activation of ["", "-> Sigmoid", "-> Softmax"]) {
        test(`${name}, ${reduction} over the batch${activation === "" ? "" : `, behind ${activation.slice(3)}`}, and every line holds`, async () => {
          const range: readonly [number, number] = example.probabilities ? [0.1, 0.9] : [-1.5, 1.5];
          const derivation = await derivationOf(`
            network Net(x: [${example.output.join(", ")}]) { p = x * 1 z = p ${activation} return z }
            check "it" on Net(x: ${literal([2, ...example.output], (at) => some(at, range))}) {
              target: ${literal([2, ...example.target], (at) => some(at + 3, range))}
              loss: ${name}(${argumentsText(example.arguments)})
              reduction: ${reduction}
              expect norm(grad(x)) >= 0
              expect norm(grad(target)) >= 0
            }
          `);
          expectEveryLineToHold(derivation);
          expectToBeLatex(page(derivation));
          expect(stepsOf(derivation).map(({ target }) => target.plain)).toContain("∂L/∂t");
        });
      }
    }
  }

  test("a loss written as an expression, with a penalty", async () => {
    const derivation = await derivationOf(`
      network Net(x: [2]) { param W = [[1, -2], [0.5, 3]] y = x @ W return y }
      check "it" on Net(x: [[1, 2], [3, -1]]) {
        target: [[1, 0], [2, 2]]
        loss: mean((y - target)^2) + 0.01 * sum(W^2)
        expect norm(grad(W)) >= 0
      }
    `);
    expectEveryLineToHold(derivation);
    const gradient = stepsOf(derivation).find(({ target }) => target.plain === "∂L/∂W")!;
    expect(inSymbols(gradient.formula!).latex).toMatch(/0\.02\\,W/);
  });
});

describe("every optimizer", () => {
  const variants = [
    ...Object.keys(optimizers).map((name) => `${name}(rate: 0.1)`),
    "SGD(rate: 0.1, momentum: 0.9)",
    "SGD(rate: 0.1, momentum: 0.9, nesterov: true)",
  ];
  for (const optimizer of variants) {
    test(`${optimizer}: what is written over two steps is what the engine's updates give`, async () => {
      const derivation = await derivationOf(`
        network Net(x: [2]) { param W = [[1, -2], [0.5, 3]] y = x @ W return y }
        check "it" on Net(x: [[1, 2], [3, -1]]) {
          target: [[1, 0], [2, 2]] loss: HalfMSE optimizer: ${optimizer}
          step step
          expect norm(W) >= 0
        }
      `);
      const updates = stepsOf(derivation).filter(({ kind }) => kind === "update");
      expect(updates).toHaveLength(2);
      expectEveryLineToHold(derivation);
      expectToBeLatex(page(derivation));
      // The second step begins where the first one ended.
      expect(derivation.parts.map(({ kind }) => kind)).toEqual([
        "forward",
        "loss",
        "backward",
        "update",
        "forward",
        "loss",
        "backward",
        "update",
      ]);
    });
  }

  for (const name of Object.keys(regularizers)) {
    test(`${name}: what a layer adds to the loss is part of its formula`, async () => {
      const text = `
        network Net(x: [2]) { return x -> Dense(1, ${name.toLowerCase()}: 0.25) as h }
        check "it" on Net(x: [[1, 2], [3, -1]]) {
          target: [[1], [2]] loss: HalfMSE given h.W = [[2], [-3]] expect norm(grad(h.W)) >= 0
        }`;
      const derivation = await derivationOf(text);
      expectEveryLineToHold(derivation);
      const loss = stepsOf(derivation).find(({ kind }) => kind === "loss")!;
      expect(inSymbols(loss.formula!).latex).toMatch(/W_\{h\}|W_h/);
    });
  }
});

describe("the lecture notes", () => {
  for (const file of lectures) {
    test(`${file}: every check on inputs can be derived, and every line holds`, async () => {
      for (const check of (await moduleOf(read(file))).checks.filter(({ after }) => !after)) {
        const derivation = derive(check);
        expectEveryLineToHold(derivation);
        expectToBeLatex(page(derivation));
        expect(derivation.expectations.every(({ ok }) => ok)).toBe(true);
      }
    });
  }

  test("Masha's worked solution in docs/ is the one that the engine writes", async () => {
    const check = (await moduleOf(read("examples/lectures/masha.nnet"))).checks[0]!;
    // After a change: npm run build, then nnet derive examples/lectures/masha.nnet --check "one step by hand" --out docs/derivation-masha.md.
    expect(read("docs/derivation-masha.md")).toBe(derivationPage(check));
  });
});

const mashaWith = (body: string): string => `${masha}
  check "it" on Masha(${mashaInputs}) { target: [[2], [1]] loss: HalfMSE optimizer: SGD(rate: 1) ${body} }`;

describe("how it is written", () => {
  const written = async (plain: string, text = mashaWith("expect loss == 0.25 step")) => {
    const step = stepsOf(await derivationOf(text)).find(({ target }) => target.plain === plain)!;
    return { symbols: inSymbols(step.formula!).latex, numbers: inNumbers(step.formula!).latex };
  };

  test("a product, with names and with matrices", async () =>
    expect(await written("H1")).toEqual({
      symbols: String.raw`X\,W_1`,
      numbers: String.raw`\begin{pmatrix} 1 & 2 \\ -1 & 2 \end{pmatrix} \cdot \begin{pmatrix} 1 & -1 \\ 0.5 & 0 \end{pmatrix}`,
    }));

  test("a function goes into the matrix", async () =>
    expect((await written("O1")).numbers).toBe(
      String.raw`\begin{pmatrix} \max(0,\ 2) & \max(0,\ -1) \\ \max(0,\ 0) & \max(0,\ 1) \end{pmatrix}`,
    ));

  test("the loss gathers its factors", async () =>
    expect(await written("L")).toEqual({
      symbols: String.raw`\tfrac{1}{4}\,\sum (y - t)^{2}`,
      numbers: String.raw`\tfrac{1}{4} \cdot ((1 - 2)^{2} + (1 - 1)^{2})`,
    }));

  test("a ReLU's mask is a matrix of ones and zeros", async () =>
    expect(await written("∂L/∂H1")).toEqual({
      symbols: String.raw`\frac{\partial L}{\partial O_1} \odot \left[H_1 > 0\right]`,
      numbers: String.raw`\begin{pmatrix} -0.25 & -0.5 \\ 0 & 0 \end{pmatrix} \odot \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}`,
    }));

  test("a weight's gradient is the transposed input times the gradient", async () =>
    expect((await written("∂L/∂W2")).symbols).toBe(String.raw`O_1^{\top}\,\frac{\partial L}{\partial y}`));

  test("gradients of several uses are added", async () => {
    const text = `network Twice(x) { a = 3 * x  b = x ^ 2  y = a * b  return y } check "it" on Twice(x: 2) { expect grad(x) == 36 }`;
    const { symbols } = await written("∂L/∂x", text);
    expect(symbols).toMatch(/\+/);
    expect(symbols).toMatch(/\\frac\{\\partial L\}\{\\partial a\}/);
    expect(symbols).toMatch(/\\frac\{\\partial L\}\{\\partial b\}/);
  });

  test("a bias gathers the gradients of the batch", async () => {
    const text = `network Layer(x: [2]) { return x -> Dense(2) as h } check "it" on Layer(x: [[1, 2], [3, 4]]) { expect grad(h.b) == [2, 2] }`;
    expect(await written("∂L/∂h.b", text)).toEqual({
      symbols: String.raw`\sum_{n} \frac{\partial L}{\partial h}`,
      numbers: String.raw`\begin{pmatrix} 1 + 1 & 1 + 1 \end{pmatrix}`,
    });
  });

  test("a layer takes the names of its parameters", async () => {
    const text = `network Layer(x: [2]) { return x -> Dense(2) as h1 } check "it" on Layer(x: [[1, 2], [3, 4]]) { expect norm(h1) >= 0 }`;
    expect((await written("h1", text)).symbols).toBe(String.raw`x\,W_{h1} + b_{h1}`);
  });

  test("a large matrix is cut, with its size and length, and its first element is worked out", async () => {
    const text = `network Wide(x: [9]) { return x -> Dense(8) as h } check "it" on Wide(x: [1, 2, 3, 4, 5, 6, 7, 8, 9]) { expect norm(h) >= 0 }`;
    const markdown = page(await derivationOf(text));
    expect(markdown).toMatch(/\\cdots/);
    expect(markdown).toMatch(/\\vdots/);
    expect(markdown).toContain(String.raw`9 \times 8`);
    expect(markdown).toContain(String.raw`\lVert\cdot\rVert`);
    expect(markdown).toContain("The first element:");
  });

  test("a loss fused with its activation is derived through it, and the shortcut stands beside", async () => {
    const text = `network Two(z: [2]) { return z -> Softmax as p } check "it" on Two(z: [1, 2]) { target: [1] loss: CrossEntropy expect norm(grad(z)) >= 0 }`;
    const steps = stepsOf(await derivationOf(text));
    const step = steps.find(({ target }) => target.plain === "∂L/∂z")!;
    expect(inSymbols(step.formula!).latex).toMatch(/^p \\odot/);
    expect(inSymbols(step.shortcut!).latex).toBe(String.raw`p - \operatorname{onehot}(t)`);
  });

  test("where a probability vanishes the engine's own formula is derived", async () => {
    const text = `network Two(z: [2]) { return z -> Softmax as p } check "it" on Two(z: [1000, 0]) { target: [1] loss: CrossEntropy expect loss == 1000 }`;
    expectEveryLineToHold(await derivationOf(text));
  });

  test("an expectation stands at its quantity; one that fails says what came", async () => {
    const derivation = await derivationOf(
      mashaWith("expect H1[0] == [2, -1] expect grad(W2) == [[-2], [0]] step expect W2 == [[1.5], [1]]"),
    );
    const at = (plain: string) =>
      stepsOf(derivation)
        .filter(({ expectations }) => expectations.length > 0)
        .map(({ target, kind, expectations }) => (target.plain === plain ? [kind, expectations[0]!.ok] : undefined))
        .filter(Boolean);
    expect(at("∂L/∂W2")).toEqual([["gradient", false]]);
    expect(at("W2")).toEqual([["update", true]]);
    const markdown = page(derivation);
    expect(markdown).toContain("✗ **`expect grad(W2) == [[-2], [0]]`**");
    expect(markdown).toContain("computed `[[-1], [0]]`");
    expect(markdown).toContain("1 of 3 expectations does not hold");
  });

  test("what is asked after a step is computed once more", async () => {
    const derivation = await derivationOf(mashaWith("step expect loss == 0.8125"));
    expect(derivation.parts.map(({ kind, updates }) => `${kind} ${updates}`)).toEqual([
      "forward 0",
      "loss 0",
      "backward 0",
      "update 0",
      "forward 1",
      "loss 1",
      "backward 1",
    ]);
    expect(derivation.others).toEqual([]);
  });

  test("a check after a training says what can be derived instead", async () => {
    const check = { ...(await checkOf(mashaWith("expect loss == 0.25"))) };
    const after = { name: "Baseline" } as NonNullable<Check["after"]>;
    expect(() => derive({ ...check, after })).toThrow(/Baseline.*derive a check "…" on Masha/);
  });
});

describe("names", () => {
  test.each([
    ["H1", "H_1"],
    ["W12", "W_{12}"],
    ["x", "x"],
    ["logits", String.raw`\text{logits}`],
    ["conv1", String.raw`\text{conv}_1`],
    ["x_in", String.raw`x_{\text{in}}`],
    ["my_name", String.raw`\text{my\_name}`],
    ["выход", String.raw`\text{выход}`],
    ["warstwa2", String.raw`\text{warstwa}_2`],
  ])("%s is written %s", (name, latex) => expect(identifier(name)).toBe(latex));
});

describe("numbers", () => {
  test.each([
    [0.25, "0.25", false],
    [-0, "0", false],
    [1 / 3, "0.33333", true],
    [0.1 + 0.2, "0.3", false],
    [1234567, "1234567", false],
    [123456789, String.raw`1.2346 \cdot 10^{8}`, true],
    [3e-9, String.raw`3 \cdot 10^{-9}`, false],
  ])("%s is written %s", (value, latex, rounded) => {
    const piece = numberPiece(value);
    expect([piece.latex, piece.rounded]).toEqual([latex, rounded]);
  });

  test("a matrix is as wide as its widest cells", () =>
    expect(widthOf(String.raw`\begin{pmatrix} 1 & 2 \\ 100 & 2 \end{pmatrix}`)).toBeLessThan(
      widthOf("1 + 200 + 3000 + 4"),
    ));
});

describe("simplifying", () => {
  const x = quantity("x", { shape: [3], data: Float64Array.of(1, -2, 3) });
  const number = (value: number) => constant({ shape: [], data: Float64Array.of(value) }, "definition");

  test("factors gather in front", () => {
    const product = simplify(
      apply(ops.multiply as never, [simplify(apply(ops.multiply as never, [x, number(2)])), number(3)]),
    );
    expect(inSymbols(product).latex).toBe(String.raw`6\,x`);
    expect([...product.value.data]).toEqual([6, -12, 18]);
  });

  test("a clip that changes nothing here is left out, one that does stays", () => {
    expect(simplify(apply(ops.clip as never, [x], { min: -5, max: 5 }))).toBe(x);
    expect(inSymbols(simplify(apply(ops.clip as never, [x], { min: 0, max: 5 }))).latex).toBe(
      String.raw`\min(5,\ \max(0,\ x))`,
    );
  });

  test("every op has a notation or is written as a function of its name", () => {
    for (const [name, op] of Object.entries(ops)) {
      const { example, inputs } = (
        op as unknown as {
          definition: { example: { shapes: Record<string, Shape>; attributes?: object }; inputs: readonly string[] };
        }
      ).definition;
      const operands = inputs.map((input) => quantity("a", filled(example.shapes[input]!)));
      if (name === "dropoutMask") continue; // Draws random numbers: there are none in a check.
      const written = inSymbols(apply(op as never, operands, (example.attributes ?? {}) as never)).latex;
      expect(written, name).not.toMatch(/#|undefined/);
    }
  });

  const filled = (shape: Shape): NdArray => ({
    shape,
    data: new Float64Array(shape.reduce((size, each) => size * each, 1)).fill(1),
  });

  test("without 1/N where the losses are added up", () => {
    expect(withoutBatchSize(String.raw`\tfrac{1}{2N} \sum_n`)).toBe(String.raw`\tfrac{1}{2} \sum_n`);
    expect(withoutBatchSize(String.raw`\tfrac1N (\hat y - t)`)).toBe(String.raw`(\hat y - t)`);
    expect(withoutBatchSize(String.raw`\tfrac{2}{Nd} x`)).toBe(String.raw`\tfrac{2}{d} x`);
  });
});
