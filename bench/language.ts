// How long the language takes, against what issue 3 asks for: medians in milliseconds after warm-up, in one process, as
// in the extension host. The best time tells more than the median when the machine is busy. `npm run bench:language`

import { analyze, unknownWorld } from "../extension/language/analyze";
import { format } from "../extension/language/format";
import { hints } from "../extension/language/hints";
import { hover } from "../extension/language/hover";
import { lint } from "../extension/language/lint";
import { lower } from "../extension/language/lower";
import { parse } from "../extension/language/parser";

const warmups = 40;
const runs = 61;

interface Measurement {
  readonly name: string;
  /** Milliseconds that issue 3 allows. */
  readonly limit?: number;
  /** Gets the number of the run, so that no two are alike. */
  readonly run: (turn: number) => void;
}

function median(run: (turn: number) => void): {
  readonly best: number;
  readonly middle: number;
  readonly slow: number;
} {
  for (let turn = 0; turn < warmups; turn++) run(turn);
  const times = Array.from({ length: runs }, (_, turn) => {
    const start = performance.now();
    run(turn);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { best: times[0]!, middle: times[runs >> 1]!, slow: times[Math.floor(runs * 0.95)]! };
}

/** Named layers with activations between, as people write them, over networks of a hundred layers each. */
function networkOf(layers: number): string {
  const stage = (index: number): string =>
    index % 2 === 1
      ? `    -> ReLU as a${index}`
      : `    -> Dense(${16 + (index % 7)}, bias: ${index % 4 === 0}) as h${index}`;
  const stages = Array.from({ length: layers }, (_, index) => stage(index));
  return `# A deep network.\ndata Points = Spiral(classes: 3)\nnetwork Deep(x: [2]) {\n  return x\n${stages.join("\n")}\n    -> Dense(3)\n    -> Softmax\n}\n\ntrain Deep on Points {\n  loss: CrossEntropy\n  optimizer: Adam(rate: 0.01)\n}\n`;
}

/** The same number of layers, out of a block of two. */
function blocksOf(layers: number): string {
  const uses = Array.from({ length: layers / 2 }, (_, index) => `    -> Pair(16) as p${index}`);
  return `block Pair(x, units: int) {\n  return x -> Dense(units) as h -> ReLU\n}\nnetwork Deep(x: [16]) {\n  return x\n${uses.join("\n")}\n}\n`;
}

function table(
  layers: number,
  limits: { readonly diagnose?: number; readonly key?: number; readonly format?: number },
) {
  const text = networkOf(layers);
  const blocks = blocksOf(layers);
  const untidy = text.replaceAll(" as ", "   as ").replaceAll(", bias", " ,bias");
  const file = parse(text);
  const lowered = { text, file, ...lower(file, text, unknownWorld) };
  const analysis = analyze(text);
  /** One keystroke: a digit more somewhere in the middle. */
  const typed = (turn: number): string => {
    const at = text.indexOf("Dense(", text.length / 2) + "Dense(".length;
    return `${text.slice(0, at)}${turn % 10}${text.slice(at)}`;
  };
  const limit = (of: number | undefined) => (of === undefined ? {} : { limit: of });
  const measurements: readonly Measurement[] = [
    { name: "parse", run: () => parse(text) },
    { name: "lower", run: () => lower(file, text, unknownWorld) },
    { name: "lint", run: () => lint(lowered, unknownWorld) },
    { name: "parse + lower + lint", ...limit(limits.diagnose), run: () => analyze(text) },
    { name: "the same, of blocks", ...limit(limits.diagnose), run: () => analyze(blocks) },
    { name: "keystroke to hints", ...limit(limits.key), run: (turn) => hints(analyze(typed(turn))) },
    { name: "format", ...limit(limits.format), run: () => format(untidy) },
    {
      name: "hover",
      run: (turn) => hover(analysis, (turn * 7919) % text.length, { stale: false, summaryOf: () => undefined }),
    },
  ];
  return measurements.map(({ name, limit: most, run }) => {
    const { best, middle, slow } = median(run);
    return {
      layers,
      what: name,
      best: Number(best.toFixed(2)),
      median: Number(middle.toFixed(2)),
      "95%": Number(slow.toFixed(2)),
      limit: most ?? "",
      "": most === undefined ? "" : middle <= most ? "ok" : "too slow",
    };
  });
}

console.table([...table(100, { diagnose: 3 }), ...table(1000, { diagnose: 16, key: 30, format: 30 })]);
