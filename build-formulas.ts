// The catalog's formulas → `dist/formulas.json`: one picture for each entry, for hovers, which can show no formula.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { callableKinds, documentation, namesOf } from "./engine/model/catalog";
import type { Typeset } from "./engine/protocol/explanation";
import { typeset } from "./engine/runtime/explain/typeset";

const widest = 480; // Pixels: what a hover shows without scrolling.

export async function buildFormulas(): Promise<void> {
  const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), "dist");
  await mkdir(dist, { recursive: true });
  await writeFile(path.join(dist, "formulas.json"), JSON.stringify(catalogFormulas()));
}

/** By kind and name: forward and backward. Throws when one cannot be set. */
export function catalogFormulas(): Readonly<Record<string, Typeset>> {
  return Object.fromEntries(
    callableKinds.flatMap((kind) =>
      namesOf(kind).flatMap((name) => {
        const { equation, gradient } = documentation(kind, name)!;
        const formulas = [equation, gradient].filter((latex) => latex !== "").flatMap((latex) => latex.split("\n"));
        return formulas.length === 0 ? [] : [[`${kind} ${name}`, fitting(formulas)]];
      }),
    ),
  );
}

/** As many beside each other as fit; what alone is too wide is broken where one part ends and the next begins. */
function fitting(formulas: readonly string[]): Typeset {
  const parts = formulas.flatMap((latex) => (fits(latex) ? [latex] : latex.replaceAll(between, ",\n").split("\n")));
  const rows: string[] = [];
  for (const part of parts) {
    const longer = `${rows.at(-1)} ${gap} ${part}`;
    if (rows.length > 0 && fits(longer)) rows[rows.length - 1] = longer;
    else rows.push(part);
  }
  return typeset(rows.join("\n"), widest);
}

const gap = String.raw`\qquad`;
const between = /,\s*\\quad\s*/g;

function fits(latex: string): boolean {
  return typeset(latex).width <= widest;
}
