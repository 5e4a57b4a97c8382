// The pages of `docs/`: as the sources have it today, every example as it says, every code explained.

import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze } from "../extension/language/analyze";
import { examplesFolder } from "../reference/describe";
import { explanations } from "../reference/explanations";
import { type Known, knownOf } from "../reference/known";
import { diagnosticsPage, documentedCodes, languagePage, layersPage, raised } from "../reference/pages";
import { runCli } from "./cli/run-cli";
import { buildable } from "./language/runnable";

const docs = fileURLToPath(new URL("../docs/", import.meta.url));
const read = (file: string): string => readFileSync(docs + file, "utf8");
const due = "run `npm run reference`";

/** Codes that no short text raises: long and deep ones, and some that only show with other files. */
const withoutExample = ["too-deep", "too-many-problems", "too-long", "import-cycle", "parameter-file"];

let known: Known;
beforeAll(async () => {
  known = await knownOf(Object.values(explanations));
});

function blocksOf(file: string): string[] {
  return [...read(file).matchAll(/^```nnet\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}

describe("the pages are those of the sources", () => {
  test("layers.md", () => expect(read("layers.md"), due).toBe(layersPage()));
  test("diagnostics.md", () => expect(read("diagnostics.md"), due).toBe(diagnosticsPage(known)));
  test("language.md", () => expect(read("language.md"), due).toBe(languagePage(read("language.md"))));
});

describe("diagnostics.md", () => {
  test("explains every code, each in reference/explanations.ts", () => {
    const missing = documentedCodes().filter(({ code }) => explanations[code] === undefined);
    expect(missing.map(({ code }) => code)).toEqual([]);
  });

  test("explains no code that is gone", () => {
    const codes = new Set([...documentedCodes().map(({ code }) => code), "too-long"]);
    expect(Object.keys(explanations).filter((code) => !codes.has(code))).toEqual([]);
  });

  test.each(Object.entries(explanations).filter(([code]) => !withoutExample.includes(code)))(
    "has an example that raises %s",
    (code, explanation) => {
      expect(explanation.example).toBeDefined();
      expect(raised(code, explanation, known)?.code).toBe(code);
    },
  );

  test.each(Object.entries(explanations).flatMap(([code, { mended }]) => (mended ? [[code, mended] as const] : [])))(
    "has an example mended of %s that learns",
    (_, mended) => {
      const { breakdown, losses } = known.trained.get(mended)!;
      expect(breakdown).toBeUndefined();
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 100);
    },
  );
});

describe("every example of layers.md", () => {
  test.each(blocksOf("layers.md").map((text) => [text.split("\n")[1]!.trim(), text] as const))("%s", (_, text) => {
    const { diagnostics, module } = analyze(text);
    expect(diagnostics).toEqual([]);
    expect(buildable(module)).toEqual([]);
  });
});

describe("every example of language.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "nnet-reference-"));
  symlinkSync(join(examplesFolder, "data"), join(folder, "data"));

  test.each(blocksOf("language.md").map((text, index) => [`${index + 1}: ${text.split("\n")[0]}`, text] as const))(
    "%s",
    { timeout: 120_000 },
    async (name, text) => {
      const file = join(folder, `${Number.parseInt(name, 10)}.nnet`);
      writeFileSync(file, text);
      const nnet = (command: string, ...options: string[]) => runCli([command, file, ...options], { folder });
      expect(await nnet("check")).toMatchObject({ code: 0, out: expect.stringContaining("no problems") });
      if (/^check /m.test(text)) expect(await nnet("test")).toMatchObject({ code: 0 });
      if (/^train /m.test(text)) expect(await nnet("train", "--epochs", "2")).toMatchObject({ code: 0 });
    },
  );
});
