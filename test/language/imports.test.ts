import { describe, expect, test } from "vitest";
import type { DataDescription } from "../../engine/protocol/data";
import type { DataDeclaration } from "../../engine/protocol/network";
import { analyze } from "../../extension/language/analyze";
import { hints } from "../../extension/language/hints";
import { hover } from "../../extension/language/hover";
import { liveTexts } from "../../extension/language/live-text";
import { joinPath } from "../../extension/language/lower/imports";
import { rangeOf, valueAt } from "../../extension/language/value-at";
import { cursor, marked, withInsertions } from "./marked";
import { buildable } from "./runnable";
import { quantity, snapshotOf } from "./snapshots";

const blocks = "# Adds.\nblock Residual(x, units: int) {\n  h = x -> Dense(units)\n  return x + h\n}\n";
const library: Readonly<Record<string, string>> = {
  "blocks.nnet": blocks,
  "lib/all.nnet": `import "../blocks.nnet"\n${'data Flowers = Csv("iris.csv")\n'}network Net(x: [4], n: int = 4) {\n  return x -> Residual(n) -> Softmax\n}\n`,
  "broken.nnet": "\nblock Bad(x) {\n  return x -> Dens(3)\n}\nblock Fine(x) {\n  return x * 2\n}\n",
  "a.nnet": 'import "b.nnet"\nblock A(x) {\n  return x -> B\n}\n',
  "b.nnet": 'import "a.nnet"\nblock B(x) {\n  return x -> A\n}\n',
};

const described: DataDeclaration[] = [];
const environment = (description?: DataDescription) => ({
  describeData: (data: DataDeclaration) => {
    described.push(data);
    return description;
  },
  readFile: (path: string) => {
    const text = library[path];
    return text === undefined ? { problem: `there is no file ${path}` } : { text };
  },
});
const analyzed = (text: string, description?: DataDescription) => analyze(text, environment(description));
const body = (statements: string): string => `network N(x: [4]) {\n${statements}\n}`;

describe("import", () => {
  test("gives the blocks of another file", () => {
    const { module, diagnostics } = analyzed(`import "blocks.nnet"\n${body("  return x -> Residual(4) as r")}`);
    expect(diagnostics).toEqual([]);
    const [network] = module.networks;
    expect(network!.values.map(({ id, shape }) => [id, shape])).toEqual([
      ["x", [4]],
      ["r/h", [4]],
      ["r/add#1", [4]],
    ]);
    expect(network!.parameters.map(({ id }) => id)).toEqual(["r/h.W", "r/h.b"]);
    expect(buildable(module)).toEqual([]);
  });

  test("places the values of an imported block at its use", () => {
    const text = `import "blocks.nnet"\n${body("  return x -> Residual(4) as r")}`;
    const { module } = analyzed(text);
    const places = module.networks[0]!.values.map(({ range }) => text.slice(range.start, range.end));
    expect(places).toEqual(["x", "Residual(4)", "Residual(4)"]);
    expect(withInsertions(text, hints(analyzed(text)))).toBe(text.replace("as r", "as r«[4]»"));
    const at = text.indexOf("Residual(4)") + 9;
    expect(valueAt(analyzed(text), at)).toEqual({ network: "N", id: "r/add#1" });
    expect(rangeOf(analyzed(text), { network: "N", id: "r/h" })).toEqual({ start: at - 9, end: at + 2 });
  });

  test("gives networks and data, with paths relative to the file that declares them", () => {
    described.length = 0;
    const text =
      'import "lib/all.nnet"\ntrain Net(n: 4) on Flowers {\n  loss: CrossEntropy\n  optimizer: Adam\n}\ncheck "c" on Net([1, 2, 3, 4]) {\n  expect sum(x) == 10\n}';
    const { module, diagnostics } = analyzed(text);
    expect(diagnostics).toEqual([]);
    expect(module.trainings[0]).toMatchObject({
      network: { name: "Net", imported: "lib/all.nnet", complete: true },
      data: { name: "Flowers", folder: "lib", source: { arguments: { file: "iris.csv" } } },
    });
    expect(module.checks).toHaveLength(1);
    expect(module.networks.map(({ name }) => name)).toEqual(["Net"]);
    expect(new Set(described.map(({ folder }) => folder))).toEqual(new Set(["lib"]));
    expect(buildable(module)).toEqual([]);
  });

  test("gives what the file itself declares, not what that imports", () => {
    const { diagnostics } = analyzed(`import "lib/all.nnet"\n${body("  return x -> Residual(4)")}`);
    expect(diagnostics.map(({ message }) => message)).toEqual(["unknown layer Residual"]);
  });

  test("does not speak of data that nothing uses", () => {
    const { module } = analyzed('import "lib/all.nnet"');
    expect([module.data, module.networks]).toEqual([[], []]);
  });

  test("tells a problem of imported data where it is used", () => {
    const problem: DataDescription = { kind: "problem", problem: { message: "row 3 is short", argument: "file" } };
    const { text, ranges } = marked(
      'import "lib/all.nnet"\ntrain Net on «Flowers» {\n  loss: CrossEntropy\n  optimizer: Adam\n}',
    );
    const found = analyzed(text, problem).diagnostics.find(({ code }) => code === "data-problem");
    expect(found).toMatchObject({ message: "row 3 is short", range: ranges[0] });
  });

  test("says nothing while the file is being read", () => {
    const text = `import "blocks.nnet"\n${body("  return x")}\ntrain M on D {\n  loss: MSE\n  optimizer: Adam\n}`;
    const { diagnostics } = analyze(text, { describeData: () => undefined, readFile: () => undefined });
    expect(diagnostics).toEqual([]);
  });

  test("names what it gives in its hover", () => {
    const { text, offset } = cursor(`import "blo<|>cks.nnet"\n${body("  return x")}`);
    const found = hover(analyzed(text), offset, { stale: false, summaryOf: () => undefined });
    expect(found?.markdown).toContain("`Residual`");
    const use = cursor(`import "blocks.nnet"\n${body("  return x -> Resi<|>dual(4)")}`);
    const shown = hover(analyzed(use.text), use.offset, { stale: false, summaryOf: () => undefined })?.markdown;
    expect(shown).toContain("block of `blocks.nnet`");
    expect(shown).toContain("Adds.");
  });
});

describe("what is wrong with an import", () => {
  const only = (source: string) => {
    const { text, ranges } = marked(source);
    const { diagnostics } = analyzed(text);
    expect(diagnostics.map(({ range }) => range)).toEqual(ranges);
    return diagnostics.map(({ code, message }) => [code, message]);
  };

  test("a file that is not there", () =>
    expect(only('import «"gone.nnet"»')).toEqual([["import-missing", "there is no file gone.nnet"]]));

  test("a file with errors is one diagnostic that names the first", () =>
    expect(only(`import «"broken.nnet"»\n${body("  return x -> Fine")}`)).toEqual([
      ["import-error", "broken.nnet has errors; the first is in line 3: unknown layer Dens: did you mean Dense?"],
    ]));

  test("an error of the file itself is not told again where its block is used", () =>
    expect(only(`import «"broken.nnet"»\n${body("  return x -> Bad")}`).map(([code]) => code)).toEqual([
      "import-error",
    ]));

  test("files in a circle", () => {
    const [first] = only('import «"a.nnet"»');
    expect(first).toEqual([
      "import-error",
      "a.nnet has errors; the first is in line 1: b.nnet has errors; the first is in line 1: a.nnet → b.nnet → a.nnet: files cannot import each other in a circle",
    ]);
  });

  test("a name that both files have", () =>
    expect(
      only(`import «"blocks.nnet"»\nblock Residual(x) {\n  return x\n}\n${body("  return x -> Residual")}`),
    ).toEqual([["duplicate-name", "Residual is already the name of something else here: names are bound once"]]));

  test("an error that only this use causes is told at the use", () =>
    expect(only(`import "blocks.nnet"\n${body("  return x -> «Residual(3)»")}`)).toEqual([
      [
        "imported-error",
        'in Residual of "blocks.nnet": x is [4] and h gives [3]: [4] + [3] does not fit: 4 and 3 differ, and neither is 1',
      ],
    ]));

  test("a file imported twice is no error", () =>
    expect(only('import "blocks.nnet"\nimport "./blocks.nnet"')).toEqual([]));

  test("a file that imports itself", () => {
    const text = 'import "self.nnet"\nblock S(x) {\n  return x\n}';
    const { diagnostics } = analyze(text, { describeData: () => undefined, readFile: () => ({ text }) });
    expect(diagnostics[0]?.message).toContain("self.nnet → self.nnet: files cannot import each other in a circle");
  });
});

test.each([
  ["", "a.nnet", "a.nnet"],
  ["lib", "a.nnet", "lib/a.nnet"],
  ["lib", "../a.nnet", "a.nnet"],
  ["", "../a.nnet", "../a.nnet"],
  ["../x", "../../a.nnet", "../../a.nnet"],
  ["lib", "./sub\\a.nnet", "lib/sub/a.nnet"],
  ["lib", "/abs/a.nnet", "/abs/a.nnet"],
])("from %j, %j is %j", (folder, path, joined) => expect(joinPath(folder, path)).toBe(joined));

test("imports that share imports are read once", () => {
  let reads = 0;
  const files = (path: string) => {
    reads++;
    const depth = Number(/\d+/.exec(path)![0]);
    return { text: depth === 30 ? "" : `import "f${depth + 1}.nnet"\nimport "./f${depth + 1}.nnet"` };
  };
  analyze('import "f0.nnet"', { describeData: () => undefined, readFile: files });
  expect(reads).toBeLessThan(100);
});

describe("live text of a training", () => {
  const training = (network: string) =>
    `train ${network} on D { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 1 }`;
  const data = "data D = Table(inputs: [[1, 2, 3, 4]], targets: [[1, 2, 3, 4]])";
  const valuesOf = (text: string) => analyzed(text).module.trainings[0]!.network.values.map(({ id }) => id);
  const all = (ids: readonly string[]) => Object.fromEntries(ids.map((id, index) => [id, quantity(index)]));

  test("stands at the use of an imported block, and is that of what it gives", () => {
    const text = `import "blocks.nnet"\n${data}\n${body("  return x\n    -> Residual(4) as r\n    -> Softmax as p")}\n${training("N")}`;
    const ids = valuesOf(text);
    const given = ids.indexOf(analyzed(text).module.networks[0]!.blocks![0]!.outputs[0]!.value);
    const lines = withInsertions(text, liveTexts(analyzed(text), snapshotOf("N", all(ids)))).split("\n");
    expect(lines).toContain(`    -> Residual(4) as r«μ ${given}»`);
    expect(lines).toContain(`    -> Softmax as p«μ ${ids.indexOf("p")}»`);
  });

  test("is in no file that has an import in place of its network", () => {
    const text = `import "lib/all.nnet"\n${data}\n${training("Net")}`;
    expect(liveTexts(analyzed(text), snapshotOf("Net", all(valuesOf(text))))).toEqual([]);
  });
});
