import { describe, expect, test } from "vitest";
import type { NumbersDescription } from "../../engine/protocol/data";
import { analyze } from "../../extension/language/analyze";
import { type Code, messages } from "../../extension/language/diagnostics";
import { body, type Case, goodEntries, points } from "./diagnostic-cases/case";
import { ofChecks } from "./diagnostic-cases/checks";
import { ofLanguage } from "./diagnostic-cases/language";
import { ofNetworks } from "./diagnostic-cases/networks";
import { ofTrainings } from "./diagnostic-cases/trainings";
import { marked } from "./marked";

/** Codes with a test of their own below, in imports.test.ts, or, where a text has to run, in breakdown.test.ts. */
const withoutExample = [
  "too-many-problems",
  "too-deep",
  "import-missing",
  "import-cycle",
  "import-error",
  "imported-error",
  "parameter-file",
  "not-finite",
] as const;

const cases: { readonly [C in Exclude<Code, (typeof withoutExample)[number]>]: readonly Case[] } = {
  ...ofLanguage,
  ...ofNetworks,
  ...ofTrainings,
  ...ofChecks,
};

describe.each(Object.entries(cases))("%s", (code, examples) => {
  test.each(examples.map((example) => [example.says || example.text, example] as const))("%s", (_, example) => {
    const { text, ranges } = marked(example.text);
    const { diagnostics } = analyze(text, { describeData: () => example.data });
    const found = diagnostics.find((diagnostic) => diagnostic.code === code);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    if (example.says !== "") expect(found!.message).toBe(example.says);
    if (ranges.length > 0 && code !== "syntax") {
      expect(text.slice(found!.range.start, found!.range.end)).toBe(text.slice(ranges[0]!.start, ranges[0]!.end));
      expect(found!.range).toEqual(ranges[0]);
    }
    if (example.related) expect(found!.related.map(({ message }) => message)).toEqual(example.related);
    if (example.fixed !== undefined) {
      const [edit] = found!.fixes[0]!.edits;
      expect(text.slice(0, edit!.range.start) + edit!.newText + text.slice(edit!.range.end)).toBe(
        marked(example.fixed).text,
      );
    }
    expect(found!.severity).toBe(messages[code as Code].severity);
  });
});

describe("one error", () => {
  test.each([
    ["an unknown layer", body("  h = x -> Dens(3)\n  g = h -> Dense(4) -> ReLU\n  return g + h")],
    ["an unknown name", body("  h = y + 1\n  return h -> Dense(4)")],
    ["a wrong argument", body("  return x -> Dense(-1) -> Dense(4) -> Softmax")],
    ["a cycle", body("  a = b + 1\n  b = a * 2\n  return b -> Dense(3)")],
    ["an image that is none", body("  return x -> Conv2D(16, 3) -> Dense(3)")],
    ["a wrong shared layer", body("  layer e = Dens(3)\n  a = x -> e\n  return a + e.b")],
    ["a shared layer's argument", body("  layer e = Dense(-3)\n  a = x -> e\n  return a + e.b")],
    ["an unclosed call", body("  h = x -> Dense(\n  return h")],
    ["an unclosed call at the end", body("  return x -> Dense(")],
    ["an unclosed call before a stage", body("  return x -> Dense(2 -> ReLU")],
    ["an unclosed call with a name before a stage", body("  return x -> Dense(units: 2 -> Dense(3) -> Softmax")],
    ["a wrong initializer", body("  param W: [4, 2] = Nonsense\n  return x @ W + 1")],
  ])("of %s stays one diagnostic", (_, text) => {
    expect(analyze(text).diagnostics).toHaveLength(1);
  });

  test("keeps the shapes of everything else", () => {
    const { module } = analyze(body("  h = x -> Dens(3)\n  g = x -> Dense(4)\n  return g + h"));
    expect(module.networks[0]!.values.map(({ id, shape }) => [id, shape])).toEqual([
      ["x", [4]],
      ["h", undefined],
      ["g", [4]],
      ["add#1", undefined],
    ]);
  });

  test("in a network is told once, however many trainings use it", () => {
    const text = `${points}network Bad(x: [2], n: int = 3) {\n  return x -> Dense(n, units: 3)\n}\n`;
    const uses = [1, 2, 3].map((n) => `train Bad(n: ${n}) on Points as T${n} {\n${goodEntries}\n}\n`).join("");
    const codes = analyze(text + uses).diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code === "duplicate-argument")).toHaveLength(1);
  });
});

test("an error that only one training's attributes cause names that training", () => {
  const text = `${points}network Wide(x: [2], n: int = 3) {\n  return x -> Dense(n - 2)\n}\ntrain Wide(n: 2) on Points {\n${goodEntries}\n}`;
  const found = analyze(text).diagnostics.find(({ code }) => code === "argument-range")!;
  expect(found.message).toBe("units must be at least 1; 0 was given");
  expect(found.related.map(({ message }) => message)).toEqual(["with the attributes given here"]);
});

test("an expression nested too deeply is refused, not followed to the end of the stack", () => {
  const text = body(`  y = ${"-".repeat(20_000)}x\n  z = x + 1\n  return z`);
  const { diagnostics, module } = analyze(text);
  expect(diagnostics.map(({ code }) => code)).toSatisfy(
    (codes: string[]) => codes.includes("too-deep") || codes.includes("syntax"),
  );
  expect(module.networks[0]?.values.some(({ id }) => id === "z")).toBe(true);
});

test("a chain of a thousand terms is too deep", () => {
  const text = body(`  return ${Array.from({ length: 1000 }, () => "x").join(" + ")}`);
  expect(analyze(text).diagnostics.map(({ code }) => code)).toEqual(["too-deep"]);
});

test("at most 200 diagnostics are shown for a file, the first saying so", () => {
  const lines = Array.from({ length: 500 }, (_, index) => `  v${index} = nothing${index}`);
  const { diagnostics } = analyze(body(`${lines.join("\n")}\n  return x`));
  expect(diagnostics).toHaveLength(200);
  expect(diagnostics[0]!.code).toBe("too-many-problems");
  expect(diagnostics[0]!.message).toBe("only the first 199 problems of this file are shown");
});

describe("the file that a parameter begins with", () => {
  const text = body('  param b: [3] = "b.npy"\n  return x -> Dense(3) -> add(b)');
  const found = (description: NumbersDescription) =>
    analyze(text, { describeData: () => undefined, describeNumbers: () => description }).diagnostics;

  test("is told when it cannot be read, at its path", () => {
    const [diagnostic, ...others] = found({ kind: "problem", message: "there is no file b.npy" });
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: "parameter-file", message: "there is no file b.npy" });
    expect(text.slice(diagnostic!.range.start, diagnostic!.range.end)).toBe('"b.npy"');
  });

  test("has the shape that is declared, or a fix declares its own", () => {
    expect(found({ kind: "ready", shape: [3] })).toEqual([]);
    const [diagnostic] = found({ kind: "ready", shape: [2, 3] });
    expect(diagnostic).toMatchObject({
      code: "parameter-shape",
      message: "b is declared [3], but its numbers are [2, 3]",
      fixes: [{ title: "Declare b: [2, 3]", edits: [{ newText: "[2, 3]" }] }],
    });
    expect(diagnostic!.fixes).toHaveLength(1);
  });
});

test("every code of the table has an example here", () => {
  const covered = new Set<string>([...Object.keys(cases), ...withoutExample]);
  expect(Object.keys(messages).filter((code) => !covered.has(code))).toEqual([]);
});
