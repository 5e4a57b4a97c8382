// Definition, references and highlights, by marks: <|> is the cursor, «…» what is found.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Range } from "../../engine/protocol/text";
import { analyze } from "../../extension/language/analyze";
import {
  definitionAt,
  highlightsAt,
  type Project,
  type ProjectFile,
  projectOf,
  referencesAt,
} from "../../extension/language/navigation";
import { occurrencesIn } from "../../extension/language/navigation/occurrences";
import { importersOf, resolvePath } from "../../extension/language/navigation/project";
import { parse } from "../../extension/language/parser";
import { anyText, exampleSources } from "./arbitraries";
import { marked } from "./marked";

const file = (path: string, text: string): ProjectFile => ({ path, text, tree: parse(text) });

interface Scene {
  readonly project: Project;
  readonly path: string;
  readonly offset: number;
  /** `a.nnet 12` for every «…». */
  readonly expected: readonly string[];
}

/** Files by name, one with the cursor; «…» in any of them. */
function scene(files: Readonly<Record<string, string>>): Scene {
  const expected: string[] = [];
  let at = { path: "", offset: 0 };
  const project = projectOf(
    Object.entries(files).map(([path, source]) => {
      const offset = source.replace(/[«»]/g, "").indexOf("<|>");
      if (offset >= 0) at = { path, offset };
      const { text, ranges } = marked(source.replace("<|>", ""));
      expected.push(...ranges.map(({ start }) => `${path} ${start}`));
      return file(path, text);
    }),
  );
  return { project, ...at, expected };
}

const shown = ({ path, range }: { readonly path: string; readonly range: Range }): string => `${path} ${range.start}`;
const net = (body: string): string => `network N(x: [4], size: int = 3) {\n${body}\n}`;

describe("who imports a file", () => {
  const importing = (path: string, ...imports: string[]) =>
    file(path, imports.map((name) => `import "${name}"`).join("\n"));
  const project = projectOf([
    importing("/w/a.nnet", "lib/b.nnet"),
    importing("/w/lib/b.nnet", "c.nnet"),
    importing("/w/lib/c.nnet", "../a.nnet"),
    importing("/w/other.nnet", "missing.nnet", ""),
  ]);

  test.each([
    ["/w/lib/b.nnet", ["/w/a.nnet", "/w/lib/c.nnet", "/w/lib/b.nnet"]],
    ["/w/missing.nnet", ["/w/other.nnet"]],
    ["/w/other.nnet", []],
  ])("%s: %j", (path, importers) => expect([...importersOf(project, path)].sort()).toEqual([...importers].sort()));
});

describe("definition", () => {
  test.each([
    ["a value named by `as`", net("  a = x -> Dense(3) as «h» -> ReLU\n  return <|>h + a")],
    ["a binding", net("  «a» = x + 1\n  return a<|>")],
    ["a binding below its use", net("  b = <|>a + 1\n  «a» = x\n  return b")],
    ["an input", "network N(«x»: [4]) {\n  return <|>x\n}"],
    ["an attribute", "network N(x: [4], «size»: int = 3) {\n  return x -> Dense(si<|>ze)\n}"],
    ["an attribute in a shape", "network N(x: [<|>size], «size»: int = 3) {\n  return x\n}"],
    ["a parameter", net("  param «W»: [4, size] = He\n  return x @ <|>W")],
    ["a constant", net("  const «c» = 2\n  return x * <|>c")],
    ["a shared layer", net("  layer «encoder» = Dense(2)\n  return x -> <|>encoder")],
    ["a weight leads to its layer", net("  a = x -> Dense(3) as «h»\n  return a + h.<|>b")],
    ["a weight of a shared layer", net("  layer «encoder» = Dense(4)\n  return encoder(x) @ encoder.<|>W")],
    [
      "an output in a check",
      `${net("  return { «p»: x, q: x + 1 }")}\ncheck "c" on N(x: [1, 2, 3, 4]) {\n  expect <|>p == 1\n}`,
    ],
    ["a network in a train", "network «N»(x) {\n  return x\n}\ntrain <|>N on D {\n}"],
    ["a network in a check", 'check "c" on <|>N(x: 1) {\n}\nnetwork «N»(x) {\n  return x\n}'],
    ["data in a train", "data «D» = Xor\ntrain N on <|>D {\n}"],
    ["data for validation", "data D = Xor\ndata «E» = Xor\ntrain N on D {\n  validation: <|>E\n}"],
    ["a training", 'train N on D as «Base» {\n}\ncheck "c" after <|>Base {\n}'],
    [
      "a training with its network's name",
      'network «N»(x) {\n  return x\n}\ntrain N on D {\n}\ncheck "c" after <|>N {\n}',
    ],
    [
      "a value in a check",
      `network N(x) {\n  «H1» = x + 1\n  return H1\n}\ncheck "c" on N(x: 1) {\n  expect grad(<|>H1) == 1\n}`,
    ],
    [
      "a value in a check after a training",
      'network N(x) {\n  «H1» = x\n  return H1\n}\ntrain N on D as T {\n}\ncheck "c" after T {\n  expect <|>H1 == 1\n}',
    ],
    [
      "a given weight",
      'network N(x: [1]) {\n  return x -> Dense(1) as «h»\n}\ncheck "c" on N(x: [1]) {\n  given <|>h.W = 1\n}',
    ],
    ["an input in a check's parentheses", 'network N(«x») {\n  return x\n}\ncheck "c" on N(<|>x: 1) {\n}'],
    [
      "an attribute in a train's parentheses",
      "network N(x, «size»: int) {\n  return x\n}\ntrain N(<|>size: 2) on D {\n}",
    ],
    [
      "a value inside a block's instance",
      `block B(x) {\n  «y» = x -> Dense(2)\n  return y\n}\n${net("  z = x -> B as r\n  return r.<|>y + z")}`,
    ],
    [
      "a weight inside a block's instance",
      `block B(x) {\n  y = x -> Dense(2) as «h»\n  return y\n}\nnetwork N(x) {\n  r = B(x)\n  return r\n}\ncheck "c" on N(x: 1) {\n  expect r.h.<|>W == 0\n}`,
    ],
    [
      "a value of a block inside a block",
      `block A(x) {\n  «p» = x\n  return p\n}\nblock B(x) {\n  return x -> A as a\n}\n${net("  return x -> B as b")}check "c" on N(x: 1) {\n  expect b.a.<|>p == 0\n}`,
    ],
    [
      "a value of a shared block",
      `block B(x) {\n  «p» = x\n  return p\n}\n${net("  layer e = B\n  z = x -> e as u\n  return u.<|>p + z")}`,
    ],
    [
      "an output of a block",
      `block B(x) {\n  return { «p»: x, q: x }\n}\n${net("  z = x -> B as r\n  return r.<|>p")}`,
    ],
    [
      "a weight of a block's last layer leads to the instance",
      `block B(x) {\n  return x -> Dense(2)\n}\n${net("  z = x -> B as «r»\n  return r.<|>W")}`,
    ],
    ["a block", "block «B»(x) {\n  return x\n}\nnetwork N(x) {\n  return x -> <|>B\n}"],
    [
      "an argument of a block",
      "block B(x, «size»: int) {\n  return x\n}\nnetwork N(x) {\n  return x -> B(<|>size: 2)\n}",
    ],
    [
      "a value in a loss",
      "network N(x) {\n  «y» = x\n  return y\n}\ntrain N on D {\n  loss: mean((<|>y - target)^2)\n}",
    ],
    ["a name inside an index", net("  return x[<|>k]\n  «k» = 1")],
    ["a text that is broken before it", "network N(x {\n  «a» = x -> \n  return <|>a\n}"],
  ])("%s", (_, source) => {
    const { project, path, offset, expected } = scene({ "/a.nnet": source });
    const found = definitionAt(project, path, offset);
    expect(found && [shown(found)]).toEqual(expected);
  });

  test.each([
    ["a layer", net("  return x -> <|>ReLU")],
    ["a function", net("  return <|>max(0, x)")],
    ["an initializer that is spelled like a value", net("  He = x\n  param W: [2] = <|>He\n  return He * W")],
    [
      "a loss that is spelled like a value",
      "network N(x) {\n  MSE = x\n  return MSE\n}\ntrain N on D {\n  loss: <|>MSE\n}",
    ],
    ["a comment", net("  # <|>x\n  return x")],
    ["a text", 'network N(x) {\n  return x\n}\ncheck "about <|>N" on N(x: 1) {\n}'],
    ["an unknown name", net("  return <|>z")],
    ["`loss` in a check", 'network N(x) {\n  return x\n}\ncheck "c" on N(x: 1) {\n  expect <|>loss == 1\n}'],
  ])("%s is defined nowhere", (_, source) => {
    const { project, path, offset } = scene({ "/a.nnet": source });
    expect(definitionAt(project, path, offset)).toBeUndefined();
  });

  test("tells what stands at the cursor and all that declares it", () => {
    const { project, path, offset } = scene({ "/a.nnet": net("  a = x -> Dense(3) as h\n  return h<|>1 + h") });
    expect(definitionAt(project, path, offset)).toBeUndefined();
    const text = net("  a = x -> Dense(3) as h\n  return h");
    const found = definitionAt(projectOf([file("/a.nnet", text)]), "/a.nnet", text.lastIndexOf("h"))!;
    const piece = ({ start, end }: Range): string => text.slice(start, end);
    expect([found.origin, found.range, found.declaration].map(piece)).toEqual(["h", "h", "-> Dense(3) as h"]);
  });
});

describe("across imports", () => {
  test.each([
    [
      "a block",
      {
        "/a.nnet": "block «B»(x) {\n  return x\n}",
        "/b.nnet": 'import "a.nnet"\nnetwork N(x) {\n  return x -> <|>B\n}',
      },
    ],
    [
      "a network",
      { "/lib/a.nnet": "network «N»(x) {\n  return x\n}", "/b.nnet": 'import "lib/a.nnet"\ntrain <|>N on D {\n}' },
    ],
    ["data", { "/data.nnet": "data «D» = Xor", "/b/b.nnet": 'import "../data.nnet"\ntrain N on <|>D {\n}' }],
    [
      "a value",
      {
        "/a.nnet": "network N(x) {\n  «h» = x\n  return h\n}",
        "/b.nnet": 'import "a.nnet"\ncheck "c" on N(x: 1) {\n  expect <|>h == 1\n}',
      },
    ],
    [
      "the file's own name first",
      { "/a.nnet": "data D = Xor", "/b.nnet": 'import "a.nnet"\ndata «D» = Xor\ntrain N on <|>D {\n}' },
    ],
  ])("%s", (_, files) => {
    const { project, path, offset, expected } = scene(files as unknown as Record<string, string>);
    const found = definitionAt(project, path, offset);
    expect(found && [shown(found)]).toEqual(expected);
  });

  test("the path of an import leads to its file", () => {
    const { project, path, offset } = scene({ "/a.nnet": "", "/b.nnet": 'import "a<|>.nnet"' });
    expect(definitionAt(project, path, offset)).toMatchObject({ path: "/a.nnet", range: { start: 0, end: 0 } });
  });

  test("a file that is not known leads nowhere", () => {
    const { project, path, offset } = scene({ "/b.nnet": 'import "a.nnet"\ntrain N on <|>D {\n}' });
    expect(definitionAt(project, path, offset)).toBeUndefined();
  });

  test("references are found in every file that imports", () => {
    const { project, path, offset, expected } = scene({
      "/a.nnet": "network <|>«N»(x) {\n  return x\n}\ntrain «N» on D {\n}",
      "/b.nnet": 'import "a.nnet"\ncheck "c" on «N»(x: 1) {\n}',
      "/c.nnet": "network N(x) {\n  return x\n}",
    });
    expect(referencesAt(project, path, offset, { declaration: true }).map(shown)).toEqual(expected);
  });

  test.each([
    ["/a/b.nnet", "c.nnet", "/a/c.nnet"],
    ["/a/b.nnet", "./d/c.nnet", "/a/d/c.nnet"],
    ["/a/b.nnet", "../c.nnet", "/c.nnet"],
    ["/a/b.nnet", "/c.nnet", "/c.nnet"],
    ["/a/b.nnet", "d\\c.nnet", "/a/d/c.nnet"],
    ["b.nnet", "c.nnet", "c.nnet"],
    ["/b.nnet", "../../c.nnet", "/c.nnet"],
    ["/c:/a/b.nnet", "C:\\d\\e.nnet", "/C:/d/e.nnet"],
  ])("from %s, %s is %s", (from, relative, path) => expect(resolvePath(from, relative)).toBe(path));
});

describe("references", () => {
  const masha = `network Masha(«X»: [2]) {
  param W1 = [[1, -1], [0.5, 0]]
  H1 = «X» @ W1
  return max(0, H1) + «X».T
}
check "c" on Masha(«X»: [[1, 2]]) {
  expect grad(«X<|>») == 0
}
network Other(X) {
  return X
}`;

  test("are all places of a name, in checks too, and none of its namesake", () => {
    const { project, path, offset, expected } = scene({ "/a.nnet": masha });
    expect(referencesAt(project, path, offset, { declaration: true }).map(shown)).toEqual(expected);
  });

  test("leave out where it is declared when asked to", () => {
    const { project, path, offset, expected } = scene({ "/a.nnet": masha });
    expect(referencesAt(project, path, offset, { declaration: false }).map(shown)).toEqual(expected.slice(1));
  });

  test("of a weight are those of the same layer", () => {
    const source = net(
      "  h = x -> Dense(4) as g\n  k = x -> Dense(4) as f\n  return (x @ g.«W») @ g.<|>«W» @ f.W + g.b",
    );
    const { project, path, offset, expected } = scene({ "/a.nnet": source });
    expect(referencesAt(project, path, offset, { declaration: true }).map(shown)).toEqual(expected);
  });

  test("highlights tell writing from reading", () => {
    const { project, path, offset } = scene({ "/a.nnet": net("  a = x\n  return <|>a + a") });
    expect(highlightsAt(project, path, offset)?.map(({ defines }) => defines)).toEqual([true, false, false]);
  });

  test("highlights leave words that are not the user's to the editor", () => {
    const { project, path, offset } = scene({ "/a.nnet": net("  return x -> <|>ReLU") });
    expect(highlightsAt(project, path, offset)).toBeUndefined();
  });
});

describe("occurrences", () => {
  /** What lowering says about a name agrees: two mentions of one thing are one symbol. */
  test.each(exampleSources.map((text, index) => [index, text] as const))(
    "agree with lowering in example %i",
    (_, text) => {
      const project = projectOf([file("/a.nnet", text)]);
      const symbols = new Map(
        occurrencesIn(project, project.files[0]!).map(({ range, symbol }) => [range.start, symbol.id]),
      );
      const subjects = new Map<string, string | undefined>();
      for (const { range, subject } of analyze(text).module.mentions) {
        if (["callable", "check", "import"].includes(subject.kind)) continue;
        // `y = x` makes y another name for the value x: one value, two names.
        if (subject.kind === "value" && subject.id !== text.slice(range.start, range.end)) continue;
        const key = JSON.stringify(subject);
        expect(symbols.get(range.start), text.slice(range.start, range.end)).toBeDefined();
        if (!subjects.has(key)) subjects.set(key, symbols.get(range.start));
        expect(symbols.get(range.start)).toBe(subjects.get(key));
      }
    },
  );

  test("are found in any text, each name once", () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const project = projectOf([file("/a.nnet", text)]);
        const starts = occurrencesIn(project, project.files[0]!).map(({ range }) => range.start);
        expect(new Set(starts).size).toBe(starts.length);
      }),
      { numRuns: 300 },
    ));
});
