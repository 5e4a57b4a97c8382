// Signature help at <|>: the label with the active parameter in «…».

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { projectOf } from "../../extension/language/navigation";
import { parse } from "../../extension/language/parser";
import { signatureAt } from "../../extension/language/signature";
import { anyText } from "./arbitraries";
import { cursor } from "./marked";

function shown(source: string): string | undefined {
  const { text, offset } = cursor(source);
  const found = signatureAt(analyze(text), offset);
  const range = found?.active === undefined ? undefined : found.parameters[found.active]!.range;
  if (!found || !range) return found?.label;
  return `${found.label.slice(0, range.start)}«${found.label.slice(range.start, range.end)}»${found.label.slice(range.end)}`;
}

const net = (expression: string): string => `network N(x: [2], size: int = 3) {\n  return ${expression}\n}\n`;
const model = "# Two numbers in.\nnetwork N(x: [2], size: int = 3, name: string) {\n  return x\n}\n";
const dense = "units, bias: true, init: Glorot, l1: 0, l2: 0";

describe("signature", () => {
  test.each([
    ["an open call", net("x -> Dense(<|>"), `Dense(${dense.replace("units", "«units»")})`],
    ["a closed call", net("x -> Dense(<|>)"), `Dense(${dense.replace("units", "«units»")})`],
    ["a number", net("x -> Dense(6<|>4)"), `Dense(${dense.replace("units", "«units»")})`],
    ["the second position", net("x -> Dense(64, <|>)"), `Dense(${dense.replace("bias: true", "«bias: true»")})`],
    ["a name", net("x -> Dense(64, l1: <|>)"), `Dense(${dense.replace("l1: 0", "«l1: 0»")})`],
    ["a name and its value", net("x -> Dense(64, l1: 0.<|>1)"), `Dense(${dense.replace("l1: 0", "«l1: 0»")})`],
    ["a name before others", net("x -> Dense(units: <|>, bias: true)"), `Dense(${dense.replace("units", "«units»")})`],
    ["a position behind a name", net("x -> Dense(units: 3, <|>)"), `Dense(${dense})`],
    ["an argument that does not exist", net("x -> Dense(unts: <|>)"), `Dense(${dense})`],
    ["too many arguments", net("x -> Dropout(1, 2, <|>)"), "Dropout(rate: 0.5)"],
    ["a call inside a call", net("x -> Dense(3, init: Normal(<|>"), "Normal(«std», mean: 0, seed:)"],
    ["a list inside a call", net("x -> Reshape([1, <|>])"), "Reshape(«shape»)"],
    ["a layer without a pipe", net("Dense(<|>)"), `Dense(«x», ${dense})`],
    ["what follows the input", net("Dense(x, <|>)"), `Dense(x, ${dense.replace("units", "«units»")})`],
    ["a second input", net("Concat(x, <|>)"), "Concat(a, «b», axis: -1)"],
    ["a piped layer of several inputs", net("(x, x) -> Concat(<|>)"), "Concat(«axis: -1»)"],
    ["a function", net("max(0, <|>)"), "max(a, «b», axis:)"],
    ["a function's named argument", net("sum(x, axis: <|>)"), "sum(x, «axis:»)"],
    ["a shared layer", net("x\n  layer e = Dense(<|>"), `Dense(${dense.replace("units", "«units»")})`],
    ["a data set", "data D = Spiral(3, <|>", "Spiral(classes: 3, «samples: 300», noise: 0.2, seed: 0)"],
    ["a text", 'data D = Csv("<|>', "Csv(«file», target: -1, shape:, scale: 1, header:)"],
    [
      "an optimizer",
      `${model}train N on D {\n  optimizer: SGD(rate: 1, momentum: <|>`,
      "SGD(rate: 0.01, «momentum: 0», nesterov: false)",
    ],
    ["a loss", `${model}train N on D {\n  loss: Huber(<|>`, "Huber(«delta: 1»)"],
    ["a network's attributes in a train", `${model}train N(<|>) on D {\n}`, "N(«size: 3», name)"],
    ["a network's inputs in a check", `${model}check "c" on N(x: [[1, <|>]]) {\n}`, "N(«x», size: 3, name)"],
    ["a gradient", `${model}check "c" on N(x: [1, 2]) {\n  expect grad(<|>`, "grad(«v»)"],
    [
      "an argument on another line",
      net("x -> Dense(\n    64,\n    <|>\n  )"),
      `Dense(${dense.replace("bias: true", "«bias: true»")})`,
    ],
    ["a comma inside of a list", net("x -> Reshape([1, 2], <|>)"), "Reshape(shape)"],
  ])("of %s", (_, source, expected) => expect(shown(source)).toBe(expected));

  test.each([
    ["outside of a call", net("x -> Dense(3)<|>")],
    ["in a group", net("(x + <|>)")],
    ["in the parentheses of a network", "network N(<|>"],
    ["in a comment", net("x -> Dense(3, # <|>\n)")],
    ["for a name that is unknown", net("x -> Dens(<|>)")],
    ["in a body", `${model}check "c" on N(x: [1, 2]) {\n  <|>`],
  ])("is not shown %s", (_, source) => expect(shown(source)).toBeUndefined());

  test("has the documentation of what is called and of each parameter", () => {
    const { text, offset } = cursor(net("x -> Dropout(<|>)"));
    const found = signatureAt(analyze(text), offset)!;
    expect(found.documentation).toContain("inverted dropout");
    expect(found.parameters[0]!.documentation).toBe(
      "Share p of the numbers that become 0.\n\na number, at least 0 and less than 1 · default 0.5",
    );
  });

  test("has the comment above a network", () => {
    const { text, offset } = cursor(`${model}train N(<|>) on D {\n}`);
    expect(signatureAt(analyze(text), offset)!.documentation).toBe("Two numbers in.");
  });

  test("of a block leaves out what is piped in", () => {
    const block = "block Residual(x, channels: int, kernel: int = 3) {\n  return x\n}\n";
    expect(shown(`${block}${net("x -> Residual(<|>)")}`)).toBe("Residual(«channels», kernel: 3)");
    expect(shown(`${block}${net("Residual(<|>)")}`)).toBe("Residual(«x», channels, kernel: 3)");
  });

  test("of a block from another file", () => {
    const lib = "block Part(x, width: int) {\n  return x\n}\n";
    const { text, offset } = cursor(`import "lib.nnet"\n${net("x -> Part(<|>)")}`);
    const project = projectOf([{ path: "/lib.nnet", text: lib, tree: parse(lib) }]);
    expect(signatureAt(analyze(text), offset, { project, path: "/main.nnet" })?.label).toBe("Part(width)");
  });

  test("never fails, and its active parameter exists", () =>
    fc.assert(
      fc.property(anyText, fc.nat(), (text, choice) => {
        const found = signatureAt(analyze(text), choice % (text.length + 1));
        if (found?.active !== undefined) expect(found.parameters[found.active]).toBeDefined();
      }),
      { numRuns: 300 },
    ));
});
