// Lenses, live text, and the way from cursor to value and back.

import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { lenses } from "../../extension/language/lenses";
import { liveTexts } from "../../extension/language/live-text";
import { rangeOf, valueAt } from "../../extension/language/value-at";
import { cursor, withInsertions } from "./marked";
import { quantity, snapshotOf, summary } from "./snapshots";

const source = `data P = Spiral
network Net(x: [2]) {
  return x
    -> Dense(8) as h -> ReLU as a
    -> Dense(3)
    -> Softmax
}
train Net on P {
  loss: CrossEntropy
  optimizer: Adam
}
check "it works" on Net(x: [1, 2]) {
  expect h.b == 0
}
`;

describe("lenses", () => {
  test("stand over trainings and checks, with what to run", () =>
    expect(lenses(analyze(source)).map(({ title, command, arguments: args }) => [title, command, ...args])).toEqual([
      ["▶ Train", "nnet.train", "Net"],
      ["Step", "nnet.step", "Net"],
      ["✓ Check", "nnet.check", "it works"],
      ["∂ Derive", "nnet.derive", "it works"],
    ]));

  test("are not offered for what cannot run", () =>
    expect(lenses(analyze(source.replace("Dense(8)", "Dense(-8)")))).toEqual([]));
});

describe("live text", () => {
  test("tells the last named value of each line", () => {
    const snapshot = snapshotOf("Net", {
      h: quantity(0.31, 1),
      a: quantity(0.5, 3.2e-3, 0.41),
      "Softmax#1": quantity(1 / 3),
    });
    expect(
      withInsertions(source, liveTexts(analyze(source), snapshot))
        .split("\n")
        .slice(3, 6),
    ).toEqual([
      "    -> Dense(8) as h -> ReLU as a«a μ .5 ∇ 3.2e-3 off 41%»",
      "    -> Dense(3)",
      "    -> Softmax«μ .33»",
    ]);
  });

  test("names the value that is meant when another one ends the line", () => {
    const text = source.replace("Dense(3)\n    -> Softmax", "Dense(3) as logits -> Softmax");
    const snapshot = snapshotOf("Net", { logits: quantity(0.1, 2), "Softmax#1": quantity(1 / 3) });
    expect(liveTexts(analyze(text), snapshot).map((live) => live.text)).toEqual(["logits μ .1 ∇ 2"]);
  });

  test("says first what is not finite", () => {
    const broken = { value: { ...summary(Number.NaN), notFinite: 12 } };
    expect(liveTexts(analyze(source), snapshotOf("Net", { h: broken }))[0]!.text).toBe("12 not finite μ NaN");
  });

  test("ends a line before its CRLF", () => {
    const text = source.replace(/\n/g, "\r\n");
    const [live] = liveTexts(analyze(text), snapshotOf("Net", { a: quantity(1) }));
    expect(text.slice(live!.offset, live!.offset + 2)).toBe("\r\n");
  });

  test("is empty for a training that the text has no more", () =>
    expect(liveTexts(analyze(source), snapshotOf("Gone", { h: quantity(1) }))).toEqual([]));
});

describe("the value at the cursor", () => {
  const at = (text: string) => {
    const { text: plain, offset } = cursor(text);
    return valueAt(analyze(plain), offset)?.id;
  };
  const net = (body: string): string => `network N(x: [4]) {\n${body}\n}`;

  test.each([
    ["  return x<|> -> ReLU", "x"],
    ["  return x -> De<|>nse(3) as h", "h"],
    ["  return x -> Dense(3<|>) as h", "h"],
    ["  return x -> Dense(3) as <|>h", "h"],
    ["  h = x <|>+ 1\n  return h", "h"],
    ["  h<|> = x + 1\n  return h", "h"],
    ["  h = x -> Dense(3)\n  return h + h.<|>b", "h.b"],
    ["  return (x * 2) <|>+ 1", "add#1"],
    ["  return (x <|>* 2) + 1", "multiply#1"],
    ["  ret<|>urn x", undefined],
  ])("%s is %s", (body, id) => expect(at(net(body))).toBe(id));

  test("is found in a check as well", () => expect(at(source.replace("expect h.b", "expect <|>h.b"))).toBe("h"));

  test("has a place of its own in the text", () => {
    const analysis = analyze(source);
    const shown = (id: string) => {
      const range = rangeOf(analysis, { network: "Net", id });
      return range && source.slice(range.start, range.end);
    };
    expect(["x", "h", "Softmax#1", "h.W", "nothing"].map(shown)).toEqual(["x", "h", "Softmax", "Dense(8)", undefined]);
  });
});
