// Files that are moved: what is written in texts leads where it led before.

import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileLinks } from "../../extension/language/links";
import { followMoves, type Move } from "../../extension/language/moves";
import { type ProjectFile, projectOf } from "../../extension/language/navigation";
import { resolvePath } from "../../extension/language/navigation/project";
import { parse } from "../../extension/language/parser";
import { withEdits } from "../../extension/language/rename";

const file = (path: string, text: string): ProjectFile => ({ path, text, tree: parse(text) });

/** Every file of the project with its text after the move, at its place before it. */
function after(texts: Readonly<Record<string, string>>, ...moves: readonly Move[]): Record<string, string> {
  const files = Object.entries(texts).map(([path, text]) => file(path, text));
  const edits = followMoves(projectOf(files), moves);
  return Object.fromEntries(
    files.map(({ path, text }) => [
      path,
      withEdits(
        text,
        edits.filter((edit) => edit.path === path),
      ),
    ]),
  );
}

test("a renamed file is imported by its new name, and nothing else changes", () =>
  expect(
    after(
      { "/w/parts.nnet": "", "/w/user.nnet": 'import "parts.nnet"\nimport "other.nnet" # parts.nnet' },
      { from: "/w/parts.nnet", to: "/w/blocks.nnet" },
    ),
  ).toEqual({ "/w/parts.nnet": "", "/w/user.nnet": 'import "blocks.nnet"\nimport "other.nnet" # parts.nnet' }));

test("a file that goes into another folder is imported from there, and finds its own files", () =>
  expect(
    after(
      {
        "/w/parts.nnet":
          'import "more.nnet"\ndata D = Csv("data/iris.csv")\nnetwork N(x) {\n  param w: [] = "w.npy"\n}',
        "/w/deep/user.nnet": 'import "../parts.nnet"',
      },
      { from: "/w/parts.nnet", to: "/w/deep/er/parts.nnet" },
    ),
  ).toEqual({
    "/w/parts.nnet":
      'import "../../more.nnet"\ndata D = Csv("../../data/iris.csv")\nnetwork N(x) {\n  param w: [] = "../../w.npy"\n}',
    "/w/deep/user.nnet": 'import "er/parts.nnet"',
  }));

test("files that move together keep what they write about each other", () =>
  expect(
    after(
      { "/w/lib/a.nnet": 'import "./b.nnet"', "/w/lib/b.nnet": "", "/w/user.nnet": 'import "lib/a.nnet"' },
      { from: "/w/lib", to: "/w/parts" },
    ),
  ).toEqual({ "/w/lib/a.nnet": 'import "./b.nnet"', "/w/lib/b.nnet": "", "/w/user.nnet": 'import "parts/a.nnet"' }));

test("a data file that moves is found again, an absolute path stays absolute", () =>
  expect(
    after(
      { "/w/a.nnet": 'data A = Csv("iris.csv")\ndata B = Csv("/w/iris.csv")' },
      { from: "/w/iris.csv", to: '/w/the "new"/iris.csv' },
    ),
  ).toEqual({ "/w/a.nnet": 'data A = Csv("the \\"new\\"/iris.csv")\ndata B = Csv("/w/the \\"new\\"/iris.csv")' }));

test("nothing leads from one drive to another", () =>
  expect(after({ "/c:/w/a.nnet": 'import "b.nnet"' }, { from: "/c:/w/b.nnet", to: "/d:/b.nnet" })).toEqual({
    "/c:/w/a.nnet": 'import "d:/b.nnet"',
  }));

const { dirname, relative } = posix;
const folders = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 });
const place = (name: string) => folders.map((parts) => `/${[...parts, name].join("/")}`);

test("wherever two files go, one imports the other as before", () =>
  fc.assert(
    fc.property(
      place("one.nnet"),
      place("two.nnet"),
      place("one.nnet"),
      place("two.nnet"),
      (one, two, newOne, newTwo) => {
        const text = `import "${relative(dirname(one), two)}"`;
        const moves = [
          { from: one, to: newOne },
          { from: two, to: newTwo },
        ];
        const links = fileLinks(parse(after({ [one]: text }, ...moves)[one]!));
        expect(links.map(({ path }) => resolvePath(newOne, path))).toEqual([newTwo]);
      },
    ),
  ));
