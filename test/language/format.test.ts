import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format, formatted } from "../../extension/language/format";
import { tokenize } from "../../extension/language/lexer";
import { parse } from "../../extension/language/parser";
import { anyText, exampleSources, validSource } from "./arbitraries";
import { marked } from "./marked";

const lines = (...text: string[]) => `${text.join("\n")}\n`;

/** Body of a network → the body formatted. */
function body(...statements: string[]): string {
  const text = formatted(lines("network A(x) {", ...statements, "}"));
  return text.slice("network A(x) {\n".length, -"\n}\n".length);
}

describe("spaces", () => {
  test.each([
    ["y=a+b", "y = a + b"],
    ["y=-a ^ 2 ^ - 1*b", "y = -a^2^-1 * b"],
    ["y=a - - b", "y = a - -b"],
    ["y=x@W . T/3", "y = x @ W.T / 3"],
    ["y=max ( 0,x )", "y = max(0, x)"],
    ["y=Dense( 64,bias :true )", "y = Dense(64, bias: true)"],
    ["y=x [ 0 ]", "y = x[0]"],
    ["y=x[1 :,:, : -1] [a: b]", "y = x[1:, :, :-1][a:b]"],
    ["y=( a+b )*c", "y = (a + b) * c"],
    ["y=(a , )->F", "y = (a,) -> F"],
    ["y=[ [1,2],[3 ,4] ]", "y = [[1, 2], [3, 4]]"],
    ["y=x->F( 2 )repeat 3   as  h", "y = x -> F(2) repeat 3 as h"],
    ["y=x->f repeat(n+1)", "y = x -> f repeat (n + 1)"],
    ["param W:[2,n]=Zeros", "param W: [2, n] = Zeros"],
    ["const  c=1", "const c = 1"],
    ["layer  e=Dense(2)", "layer e = Dense(2)"],
    ["return{probs:p,code:z}", "return { probs: p, code: z }"],
    ["return -x", "return -x"],
    ["y = 1. .T", "y = 1. .T"],
    ["y  =  x # why", "y = x # why"],
    ["\ty = x", "y = x"],
  ])("%s → %s", (written, canonical) => expect(body(written)).toBe(`  ${canonical}`));

  test("the heads of declarations", () => {
    expect(formatted('check  "a"on A(x :1){}')).toBe('check "a" on A(x: 1) {}\n');
    expect(formatted('check "a"after  T{ step }')).toBe('check "a" after T {\n  step\n}\n');
    expect(formatted("train A ( n:2 )on D as  T{loss:MSE batch:3}")).toBe(
      lines("train A(n: 2) on D as T {", "  loss: MSE", "  batch: 3", "}"),
    );
    expect(formatted("block B ( x,n:int=3 ){}")).toBe("block B(x, n: int = 3) {}\n");
    expect(formatted('data D=Csv ( "a.csv" )')).toBe('data D = Csv("a.csv")\n');
  });
});

describe("pipelines", () => {
  test("up to three stages stay on one line", () => {
    expect(body("return x -> Dense(2) as h -> ReLU -> Softmax")).toBe("  return x -> Dense(2) as h -> ReLU -> Softmax");
  });

  test("more than three stages have a line each", () => {
    expect(body("return x -> Dense(2) as h -> ReLU", "-> Dense(3) -> Softmax")).toBe(
      ["  return x", "    -> Dense(2) as h", "    -> ReLU", "    -> Dense(3)", "    -> Softmax"].join("\n"),
    );
  });

  test("a short one that is written over several lines has a line for each stage", () => {
    expect(body("y = x", "-> Dense(2) -> ReLU")).toBe(["  y = x", "    -> Dense(2)", "    -> ReLU"].join("\n"));
    expect(body("y = x -> Dense(2) ->", "ReLU")).toBe(["  y = x", "    -> Dense(2)", "    -> ReLU"].join("\n"));
  });

  test("one that is too long for a line has a line for each stage", () => {
    const long = "Dense(units: hidden, bias: false, init: Glorot)";
    expect(body(`y = x -> ${long} -> ${long}`)).toBe(["  y = x", `    -> ${long}`, `    -> ${long}`].join("\n"));
  });

  test("a long one inside of brackets gets lines of its own", () => {
    expect(body("y = F(x -> A -> B -> C -> D, 2)")).toBe(
      ["  y = F(", "    x", "      -> A", "      -> B", "      -> C", "      -> D,", "    2", "  )"].join("\n"),
    );
  });
});

describe("long lines", () => {
  const row = "[0.123456, 0.123456, 0.123456, 0.123456]";

  test("a matrix that does not fit has a line for each row", () => {
    expect(body(`param W = [${row}, ${row}, ${row}]`)).toBe(
      ["  param W = [", `    ${row},`, `    ${row},`, `    ${row}`, "  ]"].join("\n"),
    );
  });

  test("a matrix whose rows stand on lines of their own keeps them", () => {
    expect(body("param W = [[1, 2],", "           [3, 4]]")).toBe("  param W = [\n    [1, 2],\n    [3, 4]\n  ]");
  });

  test("a vector that does not fit fills its lines", () => {
    const text = body(`param w = [${"0.123456, ".repeat(20)}1]`).split("\n");
    expect(text.length).toBe(5);
    expect(text[1]).toBe(`    ${"0.123456, ".repeat(9).trim()}`);
    expect(text[4]).toBe("  ]");
  });

  test("arguments that do not fit have a line each, a single one in brackets does not", () => {
    const many = Array.from({ length: 10 }, (_, index) => `argument${index}: ${index}`);
    expect(body(`y = F(${many.join(", ")})`)).toBe(["  y = F(", `    ${many.join(",\n    ")}`, "  )"].join("\n"));
    expect(formatted(`check "a" on A(x: [${row}, ${row}, ${row}]) {}`)).toBe(
      lines('check "a" on A(x: [', `  ${row},`, `  ${row},`, `  ${row}`, "]) {}"),
    );
  });

  test("a comma behind the last argument asks for a line each", () => {
    expect(body("y = F(1, a: 2,)")).toBe(["  y = F(", "    1,", "    a: 2,", "  )"].join("\n"));
  });

  test("a sum that does not fit is broken before its operators", () => {
    const terms = Array.from({ length: 6 }, (_, index) => `0.0001 * sum(W${index}^2)`);
    expect(body(`y = ${terms.join(" + ")}`)).toBe(`  y = ${terms.join("\n    + ")}`);
  });

  test("what follows the last bracket counts", () => {
    // 100 columns with "network A(" and ") {".
    const name = "x".repeat(87);
    expect(formatted(`network A(${name}) { y = x }`)).toBe(lines(`network A(${name}) {`, "  y = x", "}"));
    expect(formatted(`network A(${name}x) { y = x }`)).toBe(lines("network A(", `  ${name}x`, ") {", "  y = x", "}"));
  });
});

describe("blank lines", () => {
  test("exactly one between declarations", () => {
    expect(formatted("data A = F data B = F\n\n\n\ndata C = F\n")).toBe(
      lines("data A = F", "", "data B = F", "", "data C = F"),
    );
  });

  test("imports may stand together", () => {
    expect(formatted('import "a" import "b"\n\n\nimport "c"\ndata D = F')).toBe(
      lines('import "a"', 'import "b"', "", 'import "c"', "", "data D = F"),
    );
  });

  test("at most one inside of a body, none at its edges", () => {
    expect(body("", "", "a = 1", "", "", "b = 2", "c = 3", "", "")).toBe("  a = 1\n\n  b = 2\n  c = 3");
  });
});

describe("comments", () => {
  test("documentation stays with its declaration, other comments apart from it", () => {
    const text = lines(
      "# About the file.",
      "",
      "# About A.",
      "# More.",
      "data A = F",
      "",
      "# Apart.",
      "",
      "data B = F",
    );
    expect(formatted(text.replaceAll("\n\n", "\n\n\n"))).toBe(text);
  });

  test("a comment behind something stays behind it, one on a line of its own keeps its line", () => {
    expect(
      body("y = x   # the input", "    # two layers", "-> A # first", "# second", "-> B", "", "     # the end"),
    ).toBe(
      [
        "  y = x # the input",
        "    # two layers",
        "    -> A # first",
        "    # second",
        "    -> B",
        "",
        "  # the end",
      ].join("\n"),
    );
  });

  test("a comment breaks the brackets around it", () => {
    expect(body("W = [[1, 2], # first", "[3, 4] # second", "# no more", "]")).toBe(
      ["  W = [", "    [1, 2], # first", "    [3, 4] # second", "    # no more", "  ]"].join("\n"),
    );
  });

  test("comments in otherwise empty places stay", () => {
    expect(formatted("# only")).toBe("# only\n");
    expect(formatted("network A(x) { # nothing yet\n# to do\n}")).toBe(
      lines("network A(x) { # nothing yet", "  # to do", "}"),
    );
    expect(formatted("data A = F\n# the end")).toBe("data A = F\n# the end\n");
  });

  test("blanks at the end of a comment go", () => {
    expect(formatted("# text \t \ndata A = F # more  \n")).toBe("# text\ndata A = F # more\n");
  });
});

describe("the file as a whole", () => {
  test("CRLF and a byte-order mark are kept", () => {
    expect(formatted("\uFEFF\r\ndata A=F\r\ndata B = F")).toBe("\uFEFFdata A = F\r\n\r\ndata B = F\r\n");
  });

  test("nothing but white space becomes an empty text", () => {
    expect(formatted(" \n\t\n")).toBe("");
    expect(formatted("\uFEFF \n")).toBe("\uFEFF");
    expect(formatted("")).toBe("");
  });

  test("a declaration with a problem stays as it is, the others are formatted", () => {
    expect(formatted("data A=F\n\nnetwork B(x) {\n y  =  x -> \n}\ndata C=F\n")).toBe(
      "data A = F\n\nnetwork B(x) {\n y  =  x -> \n}\n\ndata C = F\n",
    );
    expect(formatted("network B(x) {\n y  =  x\n\ndata C=F\n")).toBe("network B(x) {\n y  =  x\n\ndata C = F\n");
    expect(formatted("?  ?\ndata C=F\n")).toBe("?  ?\n\ndata C = F\n");
  });

  test("the examples keep their meaning", () => {
    const folder = `${import.meta.dirname}/../../examples`;
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".nnet"));
    for (const file of files) {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      expect(shapeOf(formatted(text)), file).toEqual(shapeOf(text));
    }
  });
});

describe("a part of the file", () => {
  test("only the lines of the range change", () => {
    const { text, ranges } = marked("data A=F\n\nnetwork N(x) {\n y=x\n «z=x\n w»=y\n v=x\n}\n");
    expect(apply(text, format(text, { range: ranges[0]! }))).toBe(
      "data A=F\n\nnetwork N(x) {\n y=x\n  z = x\n  w = y\n v=x\n}\n",
    );
  });

  test("within lines no line break and no indentation changes", () => {
    const text = "network N(x) {\n y=F(1,\n2)\n}\n";
    expect(apply(text, format(text, { withinLines: true }))).toBe("network N(x) {\n y = F(1,\n2)\n}\n");
  });
});

describe("of any text", () => {
  test("formatting keeps the tokens and the comments, in order", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokensOf(formatted(text))).toEqual(tokensOf(text));
      }),
    );
  });

  test("formatting twice is formatting once", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = formatted(text);
        expect(formatted(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test("the tree stays the same but for its ranges", () => {
    fc.assert(
      fc.property(fc.oneof(validSource, fc.constantFrom(...exampleSources)), (text) => {
        expect(shapeOf(formatted(text))).toEqual(shapeOf(text));
      }),
      { numRuns: 500 },
    );
  });

  test("white space makes no difference but for blank lines, comments and the line breaks a user may choose", () => {
    fc.assert(
      fc.property(validSource, fc.constantFrom(" ", "  ", "\t"), (text, blank) => {
        const once = formatted(text);
        const spread = tokenize(once)
          .map(({ kind, start, end }) => {
            const written = once.slice(start, end);
            return kind === "space" && /^ +$/.test(written) ? blank : written;
          })
          .join("");
        expect(formatted(spread)).toBe(once);
      }),
    );
  });

  test("no edit touches another, and each replaces white space by white space", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = -1;
        for (const { range, newText } of format(text)) {
          expect(range.start).toBeGreaterThan(end);
          expect(text.slice(range.start, range.end) + newText).toMatch(/^\s*$/);
          end = range.end;
        }
      }),
    );
  });
});

function apply(text: string, edits: ReturnType<typeof format>): string {
  return edits.reduceRight(
    (result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end),
    text,
  );
}

function tokensOf(text: string): string[] {
  return tokenize(text)
    .filter(({ kind }) => kind !== "space")
    .map(
      ({ kind, start, end }) => `${kind} ${text.slice(start, end).replace(kind === "comment" ? /[ \t]+$/ : /^$/, "")}`,
    );
}

/** The tree without its ranges. */
function shapeOf(text: string): unknown {
  return JSON.parse(JSON.stringify(parse(text), (key, value: unknown) => (key === "range" ? undefined : value)));
}
