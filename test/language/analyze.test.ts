// What holds for any text: nothing throws, nothing hangs, every range is inside, and the same text gives the same answer.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Range } from "../../engine/protocol/text";
import { type Analysis, analyze } from "../../extension/language/analyze";
import { hints } from "../../extension/language/hints";
import { hover } from "../../extension/language/hover";
import { lenses } from "../../extension/language/lenses";
import { valueAt } from "../../extension/language/value-at";
import { anyText, exampleSources } from "./arbitraries";
import { buildable } from "./runnable";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const sources = [
  ...exampleSources,
  ...readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".nnet"))
    .map((file) => readFileSync(examples + file, "utf8")),
];

/** Blocks in blocks, shared ones, and several outputs. */
const nested = `block Inner(x: [n], n: int = 2) {
  param scale: [n] = 1
  h = x * scale -> Dense(n) as d -> ReLU
  return { code: h, rest: x }
}
block Outer(a, b, n: int = 2) {
  layer shared = Inner(n)
  i = a -> shared
  j = Inner(b, n: n)
  return i.code + j.rest
}
network N(x: [2], n: int = 2) {
  layer twice = Outer(n: n)
  y = (x, x) -> Outer(n) as first -> Dense(n)
  z = twice(x, y)
  return { sum: z + first.j.d.b, other: y[:-1] }
}
data P = Plane
train N on P {
  loss: mean((sum - target)^2) + sum(first.j.d.W^2)
  optimizer: SGD(0.1)
  schedule: Step(every: 2)
  regularize: [L1(0.1)]
}
check "c" after N {
  expect norm(first.i.scale) > 0
}
check "d" on N(x: [1, 2]) {
  given first.j.scale = 2
  expect jacobian(z, x) != 0
}
`;
sources.push(nested);

const snippet = fc.constantFrom(
  ..."( ) [ ] { } -> = : , . + - * / @ ^ == < 0 -1 1e9 x h1 h1.W as repeat layer param const return expect given step".split(
    " ",
  ),
  "Dense(-1)",
  "-> ReLU",
  "[[1, 2], [3]]",
  '"text"',
  "\n",
  "# note\n",
  "a = b\nb = a\n",
  "𝒳",
  " -> Inner",
  " -> twice repeat 3",
  "first.j",
  "block Outer(x) { return x -> Inner }",
  'import "self.nnet"',
  "[1:, -1]",
  "target",
);

/** An example with a few stretches cut out, doubled, or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.array(fc.tuple(fc.nat(4000), fc.nat(40), snippet, fc.nat(2)), { maxLength: 4 }),
  )
  .map(([source, edits]) =>
    edits.reduce((text, [from, length, inserted, form]) => {
      const start = from % (text.length + 1);
      const cut = text.slice(start, start + length);
      const middle = form === 0 ? "" : form === 1 ? inserted : cut + cut;
      return text.slice(0, start) + middle + text.slice(start + (form === 1 ? 0 : length));
    }, source),
  );

function rangesOf({ module, diagnostics }: Analysis): Range[] {
  return [
    ...diagnostics.flatMap(({ range, related, fixes }) => [
      range,
      ...related.map((place) => place.range),
      ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.range)),
    ]),
    ...module.mentions.map(({ range }) => range),
    ...module.networks.flatMap(({ values, range }) => [range, ...values.map((value) => value.range)]),
  ];
}

/** Whoever imports something gets the nested blocks, with a mistake. */
const world = { describeData: () => undefined, readFile: () => ({ text: nested.replace("ReLU", "Relu") }) };

function soundness(text: string): void {
  const analysis = analyze(text, world);
  for (const { start, end } of rangesOf(analysis)) {
    if (!(0 <= start && start <= end && end <= text.length)) throw new Error(`${start}–${end} is outside`);
  }
  const { module, diagnostics } = analysis;
  expect(diagnostics.length).toBeLessThanOrEqual(200);
  for (const { message } of diagnostics) expect(message).not.toMatch(/undefined|\[object|NaN/);
  expect(JSON.stringify(structuredClone(module))).toBe(JSON.stringify(module));
  for (const network of module.networks) {
    const seen = new Set(network.parameters.map(({ id }) => id));
    for (const { id, source } of network.values) {
      const inputs = source.kind === "operation" || source.kind === "layer" ? source.inputs : [];
      // A value stands after all it is computed from.
      for (const input of inputs) if (!seen.has(input)) throw new Error(`${id} needs ${input}, which comes later`);
      seen.add(id);
    }
    expect(new Set(network.values.map(({ id }) => id)).size).toBe(network.values.length);
  }
  for (const { offset } of hints(analysis)) expect(offset).toBeLessThanOrEqual(text.length);
  lenses(analysis);
  for (let offset = 0; offset <= text.length; offset += 17) {
    hover(analysis, offset, { stale: false, summaryOf: () => undefined });
    valueAt(analysis, offset);
  }
}

test("the nested blocks have no errors and run", () => {
  const { diagnostics, module } = analyze(nested);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(buildable(module)).toEqual([]);
});

describe("any text", () => {
  test("a mutated example is analyzed without throwing, and all ranges are inside", () => {
    fc.assert(fc.property(mutated, soundness), { numRuns: 800 });
  });

  test("so is a text of the parser's tests", () => {
    fc.assert(fc.property(anyText, soundness), { numRuns: 300 });
  });

  test("what has no errors builds in the engine", () => {
    const runs = fc.property(mutated, (text) => {
      const { diagnostics, module } = analyze(text);
      if (diagnostics.some(({ severity }) => severity === "error")) return;
      expect(buildable(module)).toEqual([]);
    });
    fc.assert(runs, { numRuns: 300 });
  });

  test("the same text gives the same answer", () => {
    const property = fc.property(mutated, (text) => {
      expect(analyze(text)).toEqual(analyze(text));
    });
    fc.assert(property, { numRuns: 100 });
  });

  test.each([
    ["an empty file", ""],
    ["a byte-order mark", "\uFEFF"],
    ["a comment", "# nothing"],
    ["an unfinished network", "network N(x: [2"],
    ["an unfinished pipeline", "network N(x: [2]) {\n  return x ->"],
    ["a network without a name", "network (x) {\n return x\n}"],
    ["data without a source", "data D ="],
    [
      "names of JavaScript",
      "network constructor(toString: [2], __proto__: int = 3) {\n  valueOf = toString -> Dense(__proto__)\n  return valueOf\n}\ntrain constructor on hasOwnProperty {\n  __proto__: 3\n  constructor: MSE\n}",
    ],
    [
      "calls of JavaScript's names",
      "network N(x: [2]) {\n  return x -> constructor(3) -> toString -> hasOwnProperty(__proto__: 3)\n}",
    ],
  ])("%s", (_, text) => soundness(text));

  test("a megabyte of noise", () => {
    const noise = Array.from({ length: 1 << 20 }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 94))).join(
      "",
    );
    soundness(noise.slice(0, 1 << 16));
    analyze(noise);
  });
});

test("CRLF and a byte-order mark change nothing but offsets", () => {
  for (const source of sources) {
    const [plain, windows] = [source, `\uFEFF${source.replace(/\n/g, "\r\n")}`].map((text) => analyze(text));
    expect(windows!.diagnostics.map(({ code, message }) => [code, message])).toEqual(
      plain!.diagnostics.map(({ code, message }) => [code, message]),
    );
    const shapes = ({ module }: Analysis) =>
      module.networks.map(({ values }) => values.map(({ id, shape }) => [id, shape]));
    expect(shapes(windows!)).toEqual(shapes(plain!));
  }
});
