// What must agree in this repository, compared: documents, manifest, import table, names.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { namesOf } from "../engine/model/catalog";
import { commands } from "../extension/host/command-ids";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string): string => readFileSync(`${root}/${file}`, "utf8");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => statSync(`${root}/${file}`, { throwIfNoEntry: false })?.isFile());
const sources = files.filter((file) => /\.tsx?$/.test(file));

interface Project {
  readonly references?: readonly { readonly path: string }[];
}

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read("package.json")) as Manifest;

/** The table of ARCHITECTURE.md: folder → folders it may import. */
function importTable(): Map<string, string[]> {
  const rows = read("ARCHITECTURE.md").matchAll(/^\| `((?:engine|extension|webview)[\w/]*)` \|[^|]*\|([^|]*)\|$/gm);
  return new Map(
    [...rows].map(([, folder, allowed]) => [folder!, [...allowed!.matchAll(/`([\w/]+)`/g)].map((match) => match[1]!)]),
  );
}

describe("the import table", () => {
  test.each([...importTable()])("%s references exactly what ARCHITECTURE.md lets it import", (folder, allowed) => {
    const project = JSON.parse(read(`${folder}/tsconfig.json`)) as Project;
    const references = (project.references ?? []).map(({ path }) => posix.join(folder, path));
    expect(references.sort()).toEqual([...allowed].sort());
  });

  test("lists every folder of code", () => {
    const folders = sources
      .map((file) => /^(engine\/\w+|extension\/\w+|webview)\//.exec(file)?.[1])
      .filter((folder) => folder !== undefined);
    expect([...new Set(folders)].sort()).toEqual([...importTable().keys()].sort());
  });

  test("only extension/host imports vscode", () => {
    const importers = sources.filter(
      (file) => !/^(extension\/host|test)\//.test(file) && /from "vscode"/.test(read(file)),
    );
    expect(importers).toEqual([]);
  });
});

describe("names", () => {
  test("a layer's name stands only in layers, examples, docs and their sources, benchmarks and tests", () => {
    const mentions = sources
      .filter((file) => !/^(test|bench|reference|engine\/model\/layers)\//.test(file))
      .flatMap((file) => {
        // Prose may speak of layers; code may not.
        const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        return namesOf("layer")
          .filter((layer) => new RegExp(`["'\`]${layer}["'\`(]`).test(code))
          .map((layer) => `${file}: ${layer}`);
      });
    expect(mentions).toEqual([]);
  });

  test("the manifest contributes exactly the commands the extension registers", () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual([...commands].sort());
  });
});

describe("what is committed", () => {
  test("names no path of a developer's machine and no registry's address", () => {
    const leaks = files
      .filter((file) => !/\.(png|gz|ttf|woff2?)$/.test(file))
      .filter((file) => /(^|[\s"'`(=])\/(work|root|home)\/\w|https?:\/\/[\w.-]*(registry|npmjs)\./m.test(read(file)))
      .filter((file) => file !== "test/repository.test.ts");
    expect(leaks).toEqual([]);
  });

  test("skips no test and singles none out", () => {
    const marked = sources.filter((file) => /\b(test|it|describe)\.(skip|only|todo)\b/.test(read(file)));
    expect(marked.filter((file) => file !== "test/repository.test.ts")).toEqual([]);
  });

  test("every picture and page the README links to exists", () => {
    const links = [...read("README.md").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(`${root}/${link}`))).toEqual([]);
  });
});
