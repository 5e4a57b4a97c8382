// What the data sources in examples give: the readers on the folder `examples/`. Reads all of them first, because
// analysis asks without waiting.

import { fileURLToPath } from "node:url";
import { filesOf } from "../engine/data/files";
import { describe, readDataset } from "../engine/data/readers";
import type { DataDescription } from "../engine/protocol/data";
import { analyze } from "../extension/language/analyze";
import type { Describe } from "./known";

export const examplesFolder = fileURLToPath(new URL("../examples", import.meta.url));

export async function describeAll(texts: Iterable<string>): Promise<Describe> {
  const known = new Map<string, DataDescription>();
  const files = filesOf(examplesFolder);
  for (const text of texts) {
    for (const { source } of analyze(text).module.data) {
      const key = keyOf(source);
      if (!known.has(key)) known.set(key, anywhere(await describe(() => readDataset(source, files))));
    }
  }
  return (source) => known.get(keyOf(source));
}

/** Without the folder of this machine. */
function anywhere(description: DataDescription): DataDescription {
  if (description.kind === "ready") return description;
  const message = description.problem.message.replaceAll(`${examplesFolder}/`, "");
  return { kind: "problem", problem: { ...description.problem, message } };
}

function keyOf(source: unknown): string {
  return JSON.stringify(source, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value));
}
