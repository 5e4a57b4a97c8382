// How a diagnostic looks in a terminal: place, message, source line, caret.

import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../engine/protocol/diagnostic";
import { colorsFor } from "../../extension/cli/colors";
import { formatDiagnostic, SourceText } from "../../extension/cli/diagnostics";

const plain = colorsFor({ interactive: false });

/** The marked part, between « and », is the diagnostic's range. */
function shown(marked: string, related: Diagnostic["related"] = []): string[] {
  const start = marked.indexOf("«");
  const text = marked.replace("«", "").replace("»", "");
  const diagnostic: Diagnostic = {
    code: "some-code",
    severity: "error",
    range: { start, end: marked.indexOf("»") - 1 },
    message: "it is wrong",
    related,
    fixes: [],
  };
  return formatDiagnostic(new SourceText("a.nnet", text), diagnostic, plain).split("\n");
}

describe("the caret stands under the range", () => {
  test("of one line", () => {
    expect(shown("x\n  y = «Dens»(3)\n")).toEqual([
      "a.nnet:2:7: error: it is wrong [some-code]",
      "    2 |   y = Dens(3)",
      "      |       ^^^^",
    ]);
  });

  test("of several lines: to the end of the first", () => {
    expect(shown("a = «b(\n  c)»").slice(1)).toEqual(["    1 | a = b(", "      |     ^^"]);
  });

  test("without length: one caret", () => {
    expect(shown("a = «»").slice(1)).toEqual(["    1 | a = ", "      |     ^"]);
  });

  test("at the end of an empty file", () => {
    expect(shown("«»")).toEqual(["a.nnet:1:1: error: it is wrong [some-code]", "    1 | ", "      | ^"]);
  });

  test("after tabs, which stay tabs", () => {
    expect(shown("\t\ta = «b»")[2]).toBe("      | \t\t    ^");
  });

  test("on lines that end with CRLF", () => {
    expect(shown("a\r\nb = «c»\r\nd\r\n")).toEqual([
      "a.nnet:2:5: error: it is wrong [some-code]",
      "    2 | b = c",
      "      |     ^",
    ]);
  });

  test("behind wide characters, emoji and combining marks", () => {
    // 层 takes two columns, the emoji two, e + accent one; columns of the place are UTF-16 units.
    expect(shown("层 🙂 e\u0301 «重量»")).toEqual([
      "a.nnet:1:9: error: it is wrong [some-code]",
      "    1 | 层 🙂 e\u0301 重量",
      `      | ${" ".repeat(8)}^^^^`,
    ]);
  });
});

test("related places are shown with their own line", () => {
  expect(shown("a = 1\nb = «a2»", [{ range: { start: 0, end: 1 }, message: "a stands here" }])).toEqual([
    "a.nnet:2:5: error: it is wrong [some-code]",
    "    2 | b = a2",
    "      |     ^^",
    "  a.nnet:1:1: note: a stands here",
    "    1 | a = 1",
    "      | ^",
  ]);
});

test("a line of a million characters is cut around the caret", () => {
  const [, line, caret] = shown(`${"x".repeat(500_000)}«y»${"x".repeat(500_000)}`);
  expect(line).toHaveLength("    1 | ".length + 1 + 120 + 1);
  expect(line![caret!.indexOf("^")]).toBe("y");
});

test("a range longer than what is shown of its line ends with it", () => {
  const [, line, caret] = shown(`«${"y".repeat(1000)}»`);
  expect(caret!.length).toBeLessThanOrEqual(line!.length);
});

test("control characters cannot move the cursor", () => {
  expect(shown("a\u001b[31m = «b»")[1]).toBe("    1 | a·[31m = b");
});
