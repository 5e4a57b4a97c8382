// Texts for property tests: valid sources, soups of tokens, and mutations of real examples.

import fc from "fast-check";
import { masha, mashaInputs, oneStep, residual } from "../lecture";

/** Each line of LANGUAGE.md's examples and every construct of the grammar once. */
export const exampleSources: readonly string[] = [
  `# Three spiral arms, three classes.
data Spirals = Spiral(classes: 3, samples: 900, noise: 0.2, seed: 1)

network Classifier(point: [2], hidden: int = 64) {
  return point
    -> Dense(hidden) as h1 -> ReLU
    -> Dense(hidden) as h2 -> ReLU
    -> Dropout(0.1)
    -> Dense(3)
    -> Softmax
}

train Classifier on Spirals as Baseline {
  loss: CrossEntropy
  optimizer: Adam(rate: 0.01)
  batch: 32
  epochs: 100
  validation: 0.2
  metrics: [accuracy]
  seed: 42
}

check "the spiral is learnt" after Baseline {
  expect accuracy > 0.95
}
`,
  `${residual}\n${masha}`,
  `check "one step by hand" on Masha(${mashaInputs}) {\n  ${oneStep}\n}\n`,
  `import "blocks.nnet"

# Codes and decodes.
# A second line.
network Autoencoder(image: [1, size, size], size: int = 28, name: string = "a\\"b", scale: float, tied: bool = true) {
  layer encoder = Dense(64)
  const half: [2, 3] = Zeros # not a documentation
  param W: [2, 3] = He(seed: 1)
  param free: [size * 2]
  a = image -> encoder as code -> Residual(16) repeat 3 as deep -> ReLU
  b = (a, code.T) -> Concat as both repeat size + 1
  c = -a ^ 2 ^ -1 * b @ W.T / 1e-3 - x[0] + x[1:, :, :-1][a:b]
  return { probs: both, code: c }
}

train Autoencoder(size: 8, tied: false) on Digits {
  loss: mean((y - target)^2) + 0.01 * sum(W1^2)
  regularize: [L1(1e-4), L2(0.5)]
  clip: Norm(1.0)
  stop: EarlyStopping(patience: 5)
  backend: wasm
}

check "a vector-Jacobian product" on Autoencoder(image: [[1]]) {
  given both.W = [[1, 2], [3, 4]]
  upstream: [1, 2]
  tolerance: 1e-4
  expect jacobian(y, x) != h1.augmented
  expect norm(v) <= 3
}
`,
];

/** Names that are also words of the language are valid names too. */
const name = fc.constantFrom(
  "x",
  "h1",
  "W",
  "data",
  "train",
  "step",
  "layer",
  "repeat",
  "as",
  "on",
  "żółw",
  "слой",
  "层",
  "𝒳",
  "é",
);
const layerName = fc.constantFrom("Dense", "ReLU", "Conv2D", "Блок", "Warstwa");
const numberText = fc.constantFrom("0", "1", "0.5", "1e-3", "2.5E+4", "1_000");

const { expression } = fc.letrec<{ expression: string; operand: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("operand"),
    fc
      .tuple(tie("operand"), fc.constantFrom("+", "-", "*", "/", "@", "^"), tie("operand"))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc
      .tuple(tie("operand"), fc.array(fc.tuple(layerName, tie("operand"), name), { minLength: 1, maxLength: 3 }))
      .map(([source, stages]) =>
        stages.reduce(
          (text, [layer, size, alias]) => `${text}\n    -> ${layer}(${size}, units: ${size}) as ${alias}`,
          source,
        ),
      ),
  ),
  operand: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    numberText,
    name,
    fc.constantFrom('"a \\"quoted\\" text"', "true", "false", "ReLU"),
    tie("operand").map((operand) => `-${operand}`),
    tie("expression").map((inner) => `(${inner})`),
    fc.array(tie("expression"), { maxLength: 3 }).map((elements) => `[${elements.join(", ")}]`),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `(${a}, ${b})`),
    fc.tuple(name, name).map(([object, property]) => `${object}.${property}`),
    fc.tuple(name, tie("expression")).map(([object, index]) => `${object}[${index}, 1:, :]`),
    fc.tuple(layerName, name, tie("expression")).map(([callee, key, value]) => `${callee}(${value}, ${key}: ${value})`),
  ),
}));

const comment = fc.constantFrom("", "", "", "# a comment\n", "# żółw\n# 层\n", "\n\n# apart\n\n");

const statement = fc.tuple(comment, name, expression, fc.nat(4)).map(([above, bound, value, form]) => {
  const forms = [
    `${bound} = ${value}`,
    `param ${bound}: [2, n] = ${value}`,
    `const ${bound} = ${value}`,
    `layer ${bound} = ${value}`,
    `return ${value}`,
  ];
  return `${above}  ${forms[form]!}`;
});

const entry = fc.tuple(comment, name, expression).map(([above, key, value]) => `${above}  ${key}: ${value}`);

const checkStatement = fc.oneof(
  entry,
  expression.map((value) => `  expect (${value}) == (${value})`),
  expression.map((value) => `  given h1.W = ${value}`),
  fc.constant("  step"),
);

const lines = (line: fc.Arbitrary<string>) => fc.array(line, { maxLength: 4 }).map((list) => list.join("\n"));

const declaration = fc.tuple(
  comment,
  fc.oneof(
    fc.constant('import "other.nnet"'),
    fc.tuple(layerName, expression).map(([bound, value]) => `data ${bound} = ${value}`),
    fc
      .tuple(fc.constantFrom("network", "block"), layerName, name, lines(statement))
      .map(([kind, bound, input, body]) => `${kind} ${bound}(${input}: [2, n], n: int = 3) {\n${body}\n}`),
    fc
      .tuple(layerName, name, lines(entry))
      .map(([network, alias, body]) => `train ${network}(n: 2) on Data as ${alias} {\n${body}\n}`),
    fc
      .tuple(layerName, lines(checkStatement))
      .map(([network, body]) => `check "holds" on ${network}(x: [1]) {\n${body}\n}`),
    fc.tuple(name, lines(checkStatement)).map(([training, body]) => `check "holds" after ${training} {\n${body}\n}`),
  ),
);

/** Texts without any problem: every construct, comments, Unicode names, words of the language as names, all line ends. */
export const validSource: fc.Arbitrary<string> = fc
  .tuple(fc.array(declaration, { maxLength: 5 }), fc.constantFrom("\n", "\r\n"), fc.constantFrom("", "\uFEFF"))
  .map(([declarations, lineEnd, mark]) => {
    const text = declarations.map(([above, body]) => `${above}${body}\n`).join("\n");
    return mark + text.replaceAll("\n", lineEnd);
  });

/** Texts that look like the language and mean nothing. */
export const tokenSoup: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ..."( ) [ ] { } , : . = == != < <= > >= + - * ** / @ ^ -> → （ ； \" ' # \\ 1 .5 1. 1e 2x \n \r\n \t".split(" "),
      ..."import data network block train check param const layer return given expect step as repeat on after".split(
        " ",
      ),
      ...'true false int x h1 Dense ReLU "text" 🙂 层 e\u0301 \ud800 \u0000'.split(" "),
      "\n",
      "network A(x: [2]) {\n",
      'check "c" on A(x: 1) {\n',
      "train A on D {\n",
      "y = ",
    ),
    { maxLength: 120 },
  )
  .chain((tokens) => fc.constantFrom(" ", "").map((between) => tokens.join(between)));

/** An example from which some characters were removed, or into which some were inserted or copied from elsewhere. */
export const mutatedExample: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...exampleSources),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.nat(3), fc.string({ maxLength: 3 })), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([source, mutations]) =>
    mutations.reduce((text, [place, length, form, inserted]) => {
      const at = Math.floor(place * text.length);
      const copied = text.slice(Math.floor(at / 2), Math.floor(at / 2) + length);
      const middle = [inserted, "", copied, inserted + text.slice(at, at + length)][form]!;
      return text.slice(0, at) + middle + text.slice(at + length);
    }, source),
  );

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  tokenSoup,
  mutatedExample,
  validSource,
);
