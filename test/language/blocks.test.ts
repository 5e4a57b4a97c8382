// Blocks as the editor shows them: hints, hovers, live text, the way from cursor to value and back.

import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { hints } from "../../extension/language/hints";
import { hover } from "../../extension/language/hover";
import { liveTexts } from "../../extension/language/live-text";
import { rangeOf, valueAt } from "../../extension/language/value-at";
import { cursor, withInsertions } from "./marked";
import { quantity, snapshotOf } from "./snapshots";

const nothing = { stale: false, summaryOf: () => undefined };

/** The text is the expectation: hints stand in «…». */
const expectHints = (text: string): void => {
  const plain = text.replace(/«[^»]*»/g, "");
  expect(withInsertions(plain, hints(analyze(plain)))).toBe(text);
};

describe("hints in a block", () => {
  test("show the shapes of its uses, and what a use gives", () =>
    expectHints(`block R(x, n: int) {
  h = x -> Dense(n)«[8]» -> ReLU«[8]»
  return x + h«[8]»
}
network N(x: [8]) {
  return x -> R(8) as a«[8]» -> R(8)«[8]»
}`));

  test("show a dot where uses differ, and tell them apart in the tooltip", () => {
    const text = `block R(x, n: int) {
  return x -> Dense(n)«[·]»
}
network N(x: [8]) {
  return x -> R(4) as a«[4]» -> R(2) as b«[2]»
}`;
    expectHints(text);
    const [first] = hints(analyze(text.replace(/«[^»]*»/g, "")));
    expect(first!.tooltip).toBe("a: [4]\nb: [2]");
  });

  test("are left out where uses differ in their dimensions", () =>
    expectHints(`block R(x) {
  return x * 2
}
network N(x: [8], y: [2, 3]) {
  return R(x)«[8]» + sum(R(y)«[2, 3]»)«[8]»
}`));

  test("are there before a use, as far as the inputs' shapes are declared", () =>
    expectHints("block R(x: [4], y) {\n  a = x -> Dense(3)«[3]»\n  b = y -> Dense(3)\n  return a + b\n}"));
});

describe("in a block", () => {
  const source = `# Adds to its input.
block R(x, n: int = 8) {
  # What is added.
  h = x -> Dense(n)
  return x + h
}
data P = Table(inputs: [[1, 2]], targets: [[1, 2]])
network N(x: [2]) {
  return x -> R(2) as a -> R(2)
}
train N on P {
  loss: MSE
  optimizer: SGD(0.1)
}
`;
  const at = (text: string) => {
    const { text: plain, offset } = cursor(text);
    return { analysis: analyze(plain), offset };
  };
  const shown = (text: string): string => {
    const { analysis, offset } = at(text);
    return hover(analysis, offset, nothing)!.markdown;
  };

  test("the cursor is in its first use", () => {
    const { analysis, offset } = at(source.replace("Dense", "De<|>nse"));
    expect(valueAt(analysis, offset)).toEqual({ network: "N", id: "a/h" });
  });

  test("the cursor on a use is at what that gives", () => {
    for (const [written, id] of [
      ["R(<|>2) as a", "a/add#1"],
      ["-> R(2) as a -> R(<|>2)", "R#1/add#1"],
    ]) {
      const plain = written!.replace("<|>", "");
      const { analysis, offset } = at(source.replace(plain, written!));
      expect(valueAt(analysis, offset)?.id).toBe(id);
    }
  });

  test("revealing a value of any use goes to the body", () => {
    const analysis = analyze(source);
    const places = ["a/h", "R#1/h"].map((id) => rangeOf(analysis, { network: "N", id }));
    expect(places.map((range) => source.slice(range!.start, range!.end))).toEqual(["h", "h"]);
    expect(places[0]).toEqual(places[1]);
  });

  test("a value's hover says whose it is", () => {
    const markdown = shown(source.replace("h = x", "<|>h = x"));
    expect(markdown).toContain("of `a`, one of 2 uses of `R`");
    expect(markdown).toContain("`[2]` for one sample");
    expect(markdown).toContain("What is added.");
  });

  test("a block's hover tells what it is and what this use gives", () => {
    expect(shown(source.replace("block R", "block <|>R"))).toContain("Adds to its input.");
    const use = shown(source.replace("-> R(2) as", "-> <|>R(2) as"));
    expect(use).toContain("`x`, `n: int = 8`");
    expect(use).toContain("Used 2 times");
    expect(use).toContain("`a` gives `[2]` for one sample · 6 trained numbers");
  });

  test("an attribute's hover shows its default", () =>
    expect(shown(source.replace("Dense(n)", "Dense(<|>n)"))).toContain("`n: int = 8`"));

  test("live text is that of the first use", () => {
    const snapshot = snapshotOf("N", { "a/h": quantity(0.25), "R#1/h": quantity(0.75) });
    const texts = liveTexts(analyze(source), snapshot);
    expect(texts.map(({ id, text }) => [id, text])).toEqual([["a/h", "μ .25"]]);
  });

  test("live text of a use is that of what it gives", () => {
    const { networks } = analyze(source).module;
    const [a, b] = networks[0]!.blocks!.map(({ outputs }) => outputs[0]!.value);
    const texts = liveTexts(analyze(source), snapshotOf("N", { [a!]: quantity(0.25), [b!]: quantity(0.75) }));
    expect(withInsertions(source, texts)).toContain("return x + h«μ .25»");
    expect(withInsertions(source, texts)).toContain("-> R(2) as a -> R(2)«a μ .25»");
  });

  test("what nothing needs is told once, in the body", () => {
    const text = source.replace("  return x + h", "  spare = h * 2\n  return x + h");
    const found = analyze(text).diagnostics.filter(({ code }) => code === "unused-value");
    expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual(["spare"]);
  });

  test("what a check looks at in one use is needed", () => {
    const text = `${source.replace("  return x + h", "  spare = h * 2\n  return x + h")}check "c" on N(x: [1, 2]) {\n  expect a.spare != 0\n}`;
    expect(analyze(text).diagnostics).toEqual([]);
  });
});

describe("a block", () => {
  const valuesOf = (text: string) => {
    const { module, diagnostics } = analyze(text);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    return module.networks[0]!;
  };

  test("inside a block has both uses in its path", () => {
    const { values, blocks } = valuesOf(
      "block In(x) {\n  return x -> Dense(2) as d\n}\nblock Out(x) {\n  return x -> In as i -> ReLU\n}\nnetwork N(x: [2]) {\n  return x -> Out as o\n}",
    );
    const inner = values.find(({ id }) => id === "o/i/d")!;
    expect(inner.path!.map(({ block, instance }) => [block, instance])).toEqual([
      ["Out", "o"],
      ["In", "o/i"],
    ]);
    expect(blocks!.map(({ instance }) => instance)).toEqual(["o", "o/i"]);
  });

  test("takes several inputs, piped, in order or by name", () => {
    for (const use of [
      "(x, y) -> Both(2)",
      "x -> Both(y, 2)",
      "Both(x, y, 2)",
      "Both(a: x, b: y, n: 2)",
      "x -> Both(b: y, n: 2)",
    ]) {
      const { values } = valuesOf(
        `block Both(a, b, n: int) {\n  return a - b * n\n}\nnetwork N(x: [2], y: [2]) {\n  return ${use}\n}`,
      );
      const last = values.at(-1)!.source;
      expect(last.kind === "operation" && last.inputs[0]).toBe("x");
    }
  });

  test("gives several outputs as members", () => {
    const { outputs } = valuesOf(
      "block Two(x) {\n  return { code: x * 2, rest: x }\n}\nnetwork N(x: [2]) {\n  t = Two(x)\n  return { a: t.code, b: t.rest, c: Two(x).code }\n}",
    );
    expect(outputs.map(({ value }) => value)).toEqual(["t/code", "x", "Two#1/code"]);
  });

  test("may be used before it is declared, and by several networks", () => {
    const { module, diagnostics } = analyze(
      "network A(x: [2]) {\n  return x -> B\n}\nnetwork C(x: [3]) {\n  return x -> B\n}\nblock B(x) {\n  return x -> Dense(2)\n}",
    );
    expect(diagnostics).toEqual([]);
    expect(module.networks.map(({ complete }) => complete)).toEqual([true, true]);
  });

  test("that nothing uses is checked as far as its inputs are known", () => {
    const messages = (text: string) => analyze(text).diagnostics.map(({ message }) => message);
    expect(messages("block B(x) {\n  return x -> Dens(2)\n}")).toEqual(["unknown layer Dens: did you mean Dense?"]);
    expect(messages("block B(x: [3], y: [2]) {\n  return x + y\n}")).toEqual([
      "x is [3] and y is [2]: [3] + [2] does not fit: 3 and 2 differ, and neither is 1",
    ]);
    expect(messages("block B(x, n: int) {\n  return x -> Dense(n)\n}")).toEqual([]);
  });

  test("has the attributes that its use gives, from those around", () => {
    const { module } = analyze(
      "block B(x, n: int) {\n  return x -> Dense(n * 2) as d\n}\nnetwork N(x: [2], m: int = 3) {\n  return x -> B(m + 1) as b\n}\ndata P = Table(inputs: [[1, 2]], targets: [[1]])\ntrain N(m: 1) on P {\n  loss: mean(b^2)\n  optimizer: SGD(1)\n}",
    );
    const shapeOf = (network: (typeof module.networks)[number]) => network.values.find(({ id }) => id === "b/d")?.shape;
    expect([shapeOf(module.networks[0]!), shapeOf(module.trainings[0]!.network)]).toEqual([[8], [4]]);
  });
});
