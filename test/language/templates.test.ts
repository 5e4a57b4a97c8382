// What a user starts with: templates and snippets must be right as they are, down to the last space.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runCheck } from "../../engine/runtime/check";
import { analyze } from "../../extension/language/analyze";
import { formatted } from "../../extension/language/format";
import { parse } from "../../extension/language/parser";
import { withoutTraining } from "../engine/runtime/support";

const extension = `${import.meta.dirname}/../../extension`;
const templates = readdirSync(`${extension}/templates`).filter((file) => file.endsWith(".nnet"));

test("every template is offered, and every offer has its file", () => {
  const code = readFileSync(`${extension}/host/new-network.ts`, "utf8");
  const offered = [...code.matchAll(/file: "([\w-]+)"/g)].map((match) => `${match[1]}.nnet`);
  expect(offered.sort()).toEqual([...templates].sort());
});

test.each(templates)("%s has no problem, is formatted, and can train or pass its checks", async (file) => {
  const text = readFileSync(`${extension}/templates/${file}`, "utf8");
  const { diagnostics, module } = analyze(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  expect(formatted(text)).toBe(text);
  expect(module.trainings.length + module.checks.length).toBeGreaterThan(0);
  for (const network of module.networks) expect(network.complete, network.name).toBe(true);
  for (const check of module.checks) expect((await runCheck(check, withoutTraining)).ok, check.title).toBe(true);
});

test("a template's table lies beside it", () => {
  for (const file of templates) {
    const text = readFileSync(`${extension}/templates/${file}`, "utf8");
    for (const [, table] of text.matchAll(/Csv\("([^"]+)"/g)) {
      expect(readdirSync(`${extension}/templates`)).toContain(table);
    }
  }
});

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const snippets = Object.entries(
  JSON.parse(readFileSync(`${extension}/snippets/nnet.json`, "utf8")) as Readonly<Record<string, Snippet>>,
);

/** The text as it stands when nothing has been typed over. */
function inserted(body: readonly string[]): string {
  return body
    .join("\n")
    .replace(/\$\{\d+\|([^,|]+)[^}]*\|\}/g, "$1")
    .replace(/\$\{\d+:([^{}]*)\}/g, "$1")
    .replace(/\$\{?\d+\}?/g, "");
}

const surroundings: Readonly<Record<string, (text: string) => string>> = {
  param: (text) => `network A(x) {\n  ${text}\n}\n`,
  "expect-grad": (text) => `check "a" on A(x: 1) {\n  ${text}\n}\n`,
};

test.each(snippets)("the snippet %s gives formatted text without a syntax problem", (_, { prefix, body }) => {
  const around = surroundings[prefix] ?? ((text: string) => `${text.trimEnd()}\n`);
  const text = around(inserted(body));
  expect(parse(text).problems).toEqual([]);
  expect(formatted(text)).toBe(text);
});
