import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { hover, type LiveSource } from "../../extension/language/hover";
import { cursor } from "./marked";
import { explanationOf, quantity, snapshotOf, summary } from "./snapshots";

const source = `# Points on *three* arms.
data Arms = Spiral(classes: 3)

# Tells them apart.
network Net(x: [2], hidden: int = 8) {
  h = x -> Dense(hidden)
  # Half of it.
  half = ReLU(h) / 2
  const c = [1, 2, 3]
  return half -> Dense(3) as logits -> add(c) -> Softmax
}

train Net on Arms as Baseline {
  loss: CrossEntropy
  optimizer: Adam(rate: 0.01)
  validation: 0.2
  metrics: [accuracy]
}

check "first point" on Net(x: [0, 0]) {
  expect h == 0
}
`;

const nothing: LiveSource = { stale: false, summaryOf: () => undefined };

/** Markdown of the hover, without the room between columns, where \`mark\` stands in the source, the cursor being at its \`|\`. */
const at = (mark: string, live: LiveSource = nothing): string => {
  const { text, offset } = cursor(source.replace(mark.replace("|", ""), mark.replace("|", "<|>")));
  return (hover(analyze(text), offset, live)?.markdown ?? "").replaceAll(/(?<=\| )(?:&nbsp;)+/g, "");
};

describe("a value", () => {
  test("tells kind, shape for a sample and for the batch, and its layer's parameters", () => {
    const markdown = at("|h = x");
    expect(markdown).toContain("**h** · layer `Dense`");
    expect(markdown).toContain("`[8]` for one sample · `[N, 8]` for a batch, N = 32");
    expect(markdown).toContain("| `h.W` | `[2, 8]` | 16 |");
    expect(markdown).toContain("| total |  | 24 |");
    expect(markdown).toContain("y = xW + b");
    expect(markdown).toContain("∂L/∂W = xᵀ ∂L/∂y");
    expect(markdown).toContain("| `bias` | default `true` | Whether b is added. |");
    expect(markdown).toContain("Here: `units: 8, bias: true, init: Glorot");
  });

  test("is told by its layer's name just as by its own", () => expect(at("De|nse(hidden)")).toBe(at("|h = x")));

  test("has the comment above it as documentation", () => expect(at("ha|lf =")).toContain("Half of it."));

  test("without a name shows its text", () => expect(at("ReLU(h) |/ 2")).toContain("`ReLU(h) / 2`"));

  test("of a const is the same for every sample", () => {
    expect(at("const |c")).toContain("**c** · constant");
    expect(at("const |c")).toContain("`[3]`, the same for every sample · 3 numbers");
    expect(at("const |c")).toContain("Always the numbers given.");
  });

  test("that begins with a file names it", () => {
    const { text, offset } = cursor('network N(x: [2]) {\n  param <|>W: [2] = "w.npy"\n  return x * W\n}');
    expect(hover(analyze(text), offset, nothing)?.markdown).toContain("Begins with the numbers in `w.npy`.");
  });

  test("that is an input says whose", () => expect(at("Net(|x: [2]")).toContain("**x** · input of `Net`"));

  test("with an error says where its shape is", () => {
    const { text, offset } = cursor("network N(x: [2]) {\n  h<|> = x -> Dense(-1)\n  return h\n}");
    expect(hover(analyze(text), offset, nothing)!.markdown).toContain("Shape unknown: see the errors.");
  });
});

describe("with a snapshot", () => {
  const snapshot = snapshotOf("Baseline", { h: quantity(0.31, 3.2e-3, 0.41), "h.W": quantity(0.1, 0.05) });
  const live: LiveSource = { ...nothing, snapshot };

  test("a value has a table of value and gradient", () => {
    const markdown = at("|h = x", live);
    expect(markdown).toContain("`Baseline`: epoch 3, step 1,200, loss 0.31");
    expect(markdown).toContain("|  | value | gradient |");
    expect(markdown).toContain("| mean ± std | 0.31 ± 0.25 | 0 ± 0.25 |");
    expect(markdown).toContain("| min … max | -1 … 2 | -1 … 2 |");
    expect(markdown).toContain("| L2 norm | 5 | 3.2e-3 |");
    expect(markdown).toContain("| zeros | 41% | 0% |");
    expect(markdown).toContain("| `h.W` | `[2, 8]` | 16 | 0.1 ± 0.25 | 0.05 |");
  });

  test("the histogram is a picture of at most 220 pixels", () => {
    const [, encoded] = /base64,([^)]+)\)/.exec(at("|h = x", live))!;
    const svg = Buffer.from(encoded!, "base64").toString();
    expect(Number(/width="(\d+)"/.exec(svg)![1])).toBeLessThanOrEqual(220);
    expect(svg.match(/<rect /g)).toHaveLength(4);
    expect(svg).toMatch(/^<svg .*<\/svg>$/);
  });

  test("a small tensor shows its numbers in rows", () => {
    const value = { ...summary(0), shape: [2, 2], elements: [1, -2.5, 0, 1e-7] };
    expect(at("|h = x", { ...live, snapshot: snapshotOf("Baseline", { h: { value } }) })).toContain(
      "value [2, 2]\n     1  -2.5\n     0  1e-7",
    );
  });

  test("numbers from before an edit say so", () =>
    expect(at("|h = x", { ...live, stale: true })).toContain("*from before the last edit*"));

  test("numbers that are not finite are counted", () => {
    const value = { ...summary(Number.NaN), notFinite: 1234 };
    expect(at("|h = x", { ...live, snapshot: snapshotOf("Baseline", { h: { value } }) })).toContain(
      "| not finite | **1,234** |",
    );
  });

  test("of a training that gives attributes other values has its shapes", () => {
    const { text, offset } = cursor(
      source.replace("h = x", "<|>h = x").replace("train Net on", "train Net(hidden: 5) on"),
    );
    const shown = (snapshot: LiveSource["snapshot"]) =>
      hover(analyze(text), offset, { ...nothing, snapshot })!.markdown;
    expect(shown(undefined)).toContain("`[8]` for one sample");
    expect(shown(snapshot)).toContain("`[5]` for one sample");
    expect(shown(snapshot)).toContain("`[2, 5]`");
    expect(shown(snapshot)).toContain("units: 5");
  });

  test("of another network changes nothing", () =>
    expect(at("|h = x", { ...live, snapshot: snapshotOf("Other", snapshot.quantities) })).toBe(at("|h = x")));
});

describe("with pictures", () => {
  const picture = { svg: '<svg fill="currentColor"/>', width: 10, height: 10 };
  const pictures = { formulas: new Map([["layer Dense", picture]]), ink: "#123456" };
  const svgs = (markdown: string): string[] =>
    [...markdown.matchAll(/!\[[^\]]*\]\(data:image\/svg\+xml;base64,([^)]+)\)/g)].map(([, encoded]) =>
      Buffer.from(encoded!, "base64").toString(),
    );

  test("formulas have the color of the theme, and LaTeX for those who do not see them", () => {
    const markdown = at("|h = x", { ...nothing, pictures });
    expect(svgs(markdown)).toEqual(['<svg fill="#123456"/>']);
    expect(markdown).toContain("![y = xW + b;");
    expect(markdown).not.toContain("∂L/∂W = xᵀ ∂L/∂y");
  });

  test("what has no picture is text", () =>
    expect(at("half = ReLU|(h)", { ...nothing, pictures })).toContain("∂L/∂x = ∂L/∂y ⊙ [x > 0]"));

  test("what would be cut off is text", () => {
    const large = { ...picture, svg: `<svg>${"x".repeat(80_000)}</svg>` };
    const formulas = new Map([["layer Dense", large]]);
    expect(at("|h = x", { ...nothing, pictures: { ...pictures, formulas } })).toContain("y = xW + b\n");
  });

  const snapshot = snapshotOf("Baseline", { h: quantity(0.31, 3.2e-3, 0.41) });
  const request = { uri: "file:///net.nnet", id: "h", of: "gradient" } as const;
  const explanation = explanationOf({
    isLargest: true,
    latex: "a_1 = 2",
    picture,
    terms: { all: 300, written: 6 },
    result: -0.25,
    trained: { number: -0.2500001, precision: "float32" },
    causes: ["It is small because *it* is."],
    from: [{ id: "half", of: "gradient", name: "∂L/∂half", element: [3, 7] }],
  });

  test("an explanation is told with its number, its causes and the way along the chain", () => {
    const markdown = at("|h = x", { ...nothing, snapshot, pictures, explained: { request, explanation } });
    expect(markdown).toContain("![a\\_1 = 2]");
    expect(markdown).toContain("**∂L/∂h\\[3\\]\\[7\\] = -0.25**");
    expect(markdown).toContain("the largest of \\[32, 8\\], after step 1,200, the 6 largest of 300 terms");
    expect(markdown).toContain("It is small because \\*it\\* is.");
    const links = [...markdown.matchAll(/\[([^\]]+)\]\(command:([\w.]+)\?([^)]+)\)/g)].map(
      ([, text, command, given]) => ({
        text,
        command,
        given: JSON.parse(decodeURIComponent(given!)) as unknown,
      }),
    );
    const element = [3, 7];
    expect(links).toEqual([
      { text: "∂L/∂half", command: "nnet.explainGradient", given: [{ ...request, id: "half", element }] },
      {
        text: "Check this gradient now",
        command: "nnet.explainGradient",
        given: [{ ...request, element, checkGradient: true }],
      },
      { text: "Explain its value", command: "nnet.explainGradient", given: [{ ...request, of: "value", element }] },
      { text: "Show in diagram", command: "nnet.showInDiagram", given: [request] },
      { text: "Open in inspector", command: "nnet.showInDiagram", given: [{ ...request, inspect: true }] },
      { text: "Explain beside the text", command: "nnet.explainGradient", given: [request] },
    ]);
  });

  test("an explanation of an older text is dimmed", () => {
    const live = { ...nothing, snapshot, pictures, explained: { request, explanation } };
    expect(svgs(at("|h = x", live))[1]).toContain("#123456");
    expect(svgs(at("|h = x", { ...live, stale: true }))[1]).toContain("#8a8a8a");
  });

  test("who waits for an explanation is told so", () =>
    expect(at("|h = x", { ...nothing, snapshot, pictures, explained: { request, explanation: undefined } })).toContain(
      "The numbers of its formula are being worked out",
    ));

  test("who gets none is told why", () => {
    const problem = "The weights after step 120 are no longer kept.";
    const markdown = at("|h = x", {
      ...nothing,
      snapshot,
      pictures,
      explained: { request, explanation: undefined, problem },
    });
    expect(markdown).toContain(problem);
    expect(markdown).not.toContain("being worked out");
  });
});

describe("other names", () => {
  test("a network tells its signature and size", () => {
    const markdown = at("network N|et");
    expect(markdown).toContain("Tells them apart.");
    expect(markdown).toContain("`x: [2]` → `[3]` for one sample");
    expect(markdown).toContain("`hidden = 8`");
    expect(markdown).toContain("51 trained numbers in 4 parameters");
  });

  test("data tells its source, what was read, and keeps a comment's characters", () => {
    const read = { samples: 1797, inputShape: [2], targetShape: [], classes: ["a|b", "c"] };
    const markdown = at("data Ar|ms", { ...nothing, summaryOf: () => read });
    expect(markdown).toContain("Points on \\*three\\* arms.");
    expect(markdown).toContain("1,797 samples · input `[2]` · target `[]`");
    expect(markdown).toContain("2 classes: `a\\|b`, `c`");
  });

  test("a training tells how it trains", () => {
    const markdown = at("as Base|line");
    expect(markdown).toContain("**Baseline** · training of `Net` on `Arms`");
    expect(markdown).toContain("10 epochs in batches of 32 · seed 0 · 20% held back for validation");
  });

  test.each([
    ['check "first| point', "**first point** · check of `Net`"],
    ["|hidden: int", "`hidden: int = 8`"],
    ["Cross|Entropy", "**CrossEntropy** · loss"],
    ["Ad|am(", "**Adam** · optimizer"],
    ["|rate:", "**rate** · argument of `Adam`"],
    ["accu|racy", "**accuracy** · metric"],
    ["Spi|ral", "**Spiral** · data source"],
    ["add|(c)", "`add(c)`"],
  ])("%s: %s", (mark, expected) => expect(at(mark)).toContain(expected));

  test("nothing is said where nothing stands", () => expect(at("loss|:")).toBe(""));
});
