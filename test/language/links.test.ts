import { expect, test } from "vitest";
import { fileLinks } from "../../extension/language/links";
import { parse } from "../../extension/language/parser";

function links(text: string): string[] {
  return fileLinks(parse(text)).map(({ range, path }) => {
    expect(text.slice(range.start, range.end)).toBe(path);
    return path;
  });
}

test("imports and file arguments of data sources lead to their files", () => {
  expect(links('import "blocks.nnet"\ndata D = Csv("data/iris.csv", target: "species")')).toEqual([
    "blocks.nnet",
    "data/iris.csv",
  ]);
  expect(links('data D = Csv(target: "species", file: "iris.csv")')).toEqual(["iris.csv"]);
});

test("of a source that this version does not know every text is a file", () => {
  expect(links('data D = Parquet("a.gz", labels: "b.gz", 3)')).toEqual(["a.gz", "b.gz"]);
});

test("what parameters begin with leads to its file, in networks and blocks", () => {
  expect(
    links('network N(x: [2]) {\n  param W: [2] = "w.npy"\n  const b: [2] = [1, 2]\n  return x * W + b\n}'),
  ).toEqual(["w.npy"]);
  expect(links('block B(x) {\n  const c: [2] = "data/c.npy"\n  return x + c\n}')).toEqual(["data/c.npy"]);
});

test("titles, empty and unfinished texts are no files", () => {
  expect(links('import ""\ncheck "a.csv" on A {}\ndata D = Csv("')).toEqual([]);
});
