// Catalog and diagnostics → the pages of `docs/`. `npm run reference`; `test/reference.test.ts` says when it is due.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explanations } from "./reference/explanations";
import { knownOf } from "./reference/known";
import { diagnosticsPage, languagePage, layersPage } from "./reference/pages";

const docs = fileURLToPath(new URL("docs/", import.meta.url));

write("layers.md", layersPage());
write("diagnostics.md", diagnosticsPage(await knownOf(Object.values(explanations))));
write("language.md", languagePage(readFileSync(`${docs}language.md`, "utf8")));

function write(file: string, text: string): void {
  writeFileSync(docs + file, text);
  console.log(`docs/${file}: ${text.split("\n").length} lines`);
}
