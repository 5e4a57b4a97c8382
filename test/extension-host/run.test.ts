// Typed numbers and results as text; the questions the Run command asks are answered by hand in the UI tests.

import * as assert from "node:assert/strict";
import { describeRun, readNumbers, readSampleNumber } from "../../extension/host/run-text";

suite("typed numbers", () => {
  test("may be separated by commas, spaces and brackets", () => {
    const typed = readNumbers("[[1, -2], [3e-1 4]]", [2, 2]);
    assert.deepEqual(typed, { kind: "array", array: { shape: [2, 2], data: Float64Array.of(1, -2, 0.3, 4) } });
  });

  test("say how many are needed while there are too few", () => {
    assert.deepEqual(readNumbers("1, 2", [4]), {
      kind: "problem",
      message: "Type 4 numbers for [4]; there are 2 so far.",
    });
  });

  test("name the word that is no number", () => {
    assert.deepEqual(readNumbers("1, two", [2]), { kind: "problem", message: '"two" is not a number.' });
  });

  test("for a scalar are one number", () => {
    assert.equal(readNumbers("-0.5", []).kind, "array");
  });

  test("name a sample only when they are a whole number in range", () => {
    assert.equal(readSampleNumber("149", 150), 149);
    for (const text of ["", "150", "-1", "1.5", "x"]) assert.equal(readSampleNumber(text, 150), undefined, text);
  });
});

suite("the page of a run", () => {
  test("shows each class with its share and a bar, and whether the prediction is right", () => {
    const text = describeRun(
      "Iris",
      {
        origin: "sample 17 of Flowers",
        weights: "Iris, after 100 epochs",
        inputs: [{ name: "measures", array: { shape: [2], data: Float64Array.of(5.1, 0.2) } }],
        outputs: [{ name: "output", array: { shape: [2], data: Float64Array.of(0.75, 0.25) } }],
        classes: ["setosa", "virginica"],
        prediction: "setosa",
        expected: "virginica",
      },
      { samples: 150, inputShape: [2], targetShape: [], features: ["length", "width"] },
    );
    assert.match(text, /prediction {2}setosa {2}✗ expected virginica/);
    assert.match(text, /setosa {5}75\.00% {2}█{18}\n/);
    assert.match(text, /virginica {2}25\.00% {2}█{6}\n/);
    assert.match(text, /length {2}5\.1\n {2}width {3}0\.2\n/);
  });

  test("draws 64 numbers as a picture of 8 × 8", () => {
    const pixels = Float64Array.from({ length: 64 }, (_, index) => (index % 8 === 0 ? 1 : 0));
    const text = describeRun(
      "Reader",
      {
        origin: "typed numbers",
        weights: "fresh from seed 3, not trained",
        inputs: [{ name: "pixels", array: { shape: [64], data: pixels } }],
        outputs: [],
      },
      undefined,
    );
    assert.match(text, /as 8 × 8:\n {2}│██ {14}│\n/);
    assert.match(text, /0 is empty, 1 is full/);
  });
});
