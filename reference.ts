// Catalog and diagnostics → the pages of `docs/`. `npm run reference`; `test/reference.test.ts` says when it is due.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeAll } from "./reference/describe";
import { explanations } from "./reference/explanations";
import { diagnosticsPage, languagePage, layersPage } from "./reference/pages";

const docs = fileURLToPath(new URL("docs/", import.meta.url));
const examples = Object.values(explanations).flatMap(({ example }) => (example === undefined ? [] : [example]));
const describe = await describeAll(examples);

write("layers.md", layersPage());
write("diagnostics.md", diagnosticsPage(describe));
write("language.md", languagePage(readFileSync(`${docs}language.md`, "utf8")));

function write(file: string, text: string): void {
  writeFileSync(docs + file, text);
  console.log(`docs/${file}: ${text.split("\n").length} lines`);
}
