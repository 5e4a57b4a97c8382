// How a step of a derivation is stated: by its formula, and by what the catalog says of its layer.

import { documentation } from "../../model/catalog";
import type { Value } from "../../protocol/network";
import { type Expression, lengthOf } from "./expression";

/** Its formula, where it is short enough to be written in symbols. */
export function written(expression: Expression): { formula: Expression | undefined; expression: Expression } {
  return { formula: lengthOf(expression, longestFormula + 1) > longestFormula ? undefined : expression, expression };
}

/** What the catalog says of a layer, about one of its inputs or weights. Functions are their own rule. */
export function ruleOf({ source }: Value, which: "equation" | "gradient", of = ""): { rule: string; ruleName: string } {
  if (source.kind !== "layer") return { rule: "", ruleName: "" };
  const doc = documentation("layer", source.layer);
  const latex = which === "equation" ? (doc?.equation ?? "") : lineFor(doc?.gradient ?? "", of);
  return { rule: latex, ruleName: source.layer };
}

/** The line of a gradient that is about ∂x. */
export function lineFor(gradient: string, name: string): string {
  const lines = gradient.split("\n");
  return lines.find((line) => line.startsWith(String.raw`\frac{\partial L}{\partial ${name}}`)) ?? "";
}

/** `\tfrac{1}{2N} \sum_n` → `\tfrac{1}{2} \sum_n`, `\tfrac1N` → nothing. */
export function withoutBatchSize(latex: string): string {
  return latex
    .replaceAll(/\\tfrac1N\s*/g, "")
    .replaceAll(/\\tfrac\{(\d+)\}\{(\w*)N(\w*)\}/g, (_, above: string, before: string, behind: string) =>
      `${before}${behind}` === "" ? (above === "1" ? "" : above) : String.raw`\tfrac{${above}}{${before}${behind}}`,
    );
}

const longestFormula = 60; // Symbols and numbers; longer ones are stated by their rule.
