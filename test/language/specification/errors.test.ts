// The language as it is specified, sentence by sentence and in that order: errors. The names of the tests are the sentences.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze } from "../../../extension/language/analyze";
import { hints } from "../../../extension/language/hints";
import { hover } from "../../../extension/language/hover";
import { mutatedExample } from "../arbitraries";
import { errorsOf, nothing } from "./programs";

describe("Errors", () => {
  test("`Dense(64) gives [64], but W: [32, 10] needs [32] here` with both places marked", () => {
    const text = "network N(x: [10]) {\n  param W: [32, 10] = He\n  return Dense(x, 64) @ W\n}";
    const [found] = analyze(text).diagnostics;
    expect(found!.message).toBe("Dense(x, 64) gives [64], but W: [32, 10] needs [32] here");
    expect(found!.related.map(({ range }) => text.slice(range.start, range.end))).toEqual(["Dense(x, 64)", "W"]);
  });

  test("`unknown layer Dens: did you mean Dense?` with a quick fix", () => {
    const [found] = analyze("network N(x: [2]) {\n  return x -> Dens(3)\n}").diagnostics;
    expect(found!.message).toBe("unknown layer Dens: did you mean Dense?");
    expect(found!.fixes[0]).toMatchObject({ edits: [{ newText: "Dense" }] });
  });

  test("a shape error in a block is told in its body, once, with its use", () => {
    const text =
      "block R(x, n: int) {\n  return x + Dense(x, n)\n}\nnetwork N(x: [4]) {\n  return x -> R(3) as a -> R(3) as b\n}";
    const found = analyze(text).diagnostics.filter(({ severity }) => severity === "error");
    expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual(["x + Dense(x, n)"]);
    expect(found[0]!.related.at(-1)).toMatchObject({ message: "R is used here" });
  });

  test("never a parser's token names", () => {
    for (const text of ["network N(x: [2] {", "train on {", "data D = ", "network N(x) { y = -> }", "check after"]) {
      for (const message of errorsOf(analyze(text))) expect(message).not.toMatch(/token|EOF|undefined|Identifier/);
    }
  });

  test("never a stack trace, and no word that only programs have", () =>
    fc.assert(
      fc.property(mutatedExample, (text) => {
        for (const { message } of analyze(text).diagnostics) {
          expect(message.replaceAll(/"[^"]*"/g, "")).not.toMatch(
            /\n\s+at |[a-z]Error\b|undefined|\[object|\bnull\b|\.ts:/,
          );
        }
      }),
      { numRuns: 300 },
    ));

  test("a file with one error still gets hovers, shapes and the diagram for all the rest", () => {
    const text = "network N(x: [2]) {\n  bad = x -> Dens(3)\n  good = x -> Dense(3)\n  return good + bad\n}";
    const analysis = analyze(text);
    expect(errorsOf(analysis)).toHaveLength(1);
    expect(hover(analysis, text.indexOf("good"), nothing)!.markdown).toContain("`[3]` for one sample");
    expect(hints(analysis).map(({ text: shape }) => shape)).toEqual(["[3]"]);
    expect(analysis.module.networks[0]!.values).toHaveLength(4);
  });
});
