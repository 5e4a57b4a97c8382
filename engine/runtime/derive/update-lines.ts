// An optimizer's update of one parameter, a step for each line of its formula.

import { Graph, type Tensor } from "../../model/graph";
import { writtenUpdate } from "../../model/optimizers";
import type { NdArray } from "../../protocol/array";
import type { Call } from "../../protocol/catalog";
import type { Parameter } from "../../protocol/network";
import type { DerivationStep } from "./derivation";
import { type Expression, expressionOf, type Names, quantity } from "./expression";
import { simplify } from "./simplify";
import { written } from "./statement";
import type { Name, Symbols } from "./symbols";

/** What there is before the update. */
export interface BeforeUpdate {
  readonly weights: NdArray;
  readonly gradient: NdArray;
  readonly slots: readonly NdArray[];
  readonly rate: number;
  /** 1 for the first. */
  readonly step: number;
}

export function updateLines(
  optimizer: Call,
  symbols: Symbols,
  { id, shape }: Pick<Parameter, "id" | "shape">,
  { weights, gradient, slots, rate, step }: BeforeUpdate,
): readonly DerivationStep[] {
  const graph = new Graph();
  const names: Names = new Map();
  const feed = (value: Expression): Tensor => {
    const tensor = graph.feed(`${names.size}`, value.value.shape);
    names.set(tensor.index, value);
    return tensor;
  };
  const own = symbols.of(id);
  const name = (letter: string): Name => ({
    symbol: letter,
    plain: letter.replace(/^\\hat (.)$/, "$1\u0302").replaceAll(/[\\{}]/g, ""),
  });
  const lettersOf = (terms: Tensor[]) =>
    writtenUpdate(optimizer, {
      w: terms[0]!,
      g: terms[1]!,
      slots: terms.slice(2),
      number: (letter, value) => feed(quantity(letter, { shape: [], data: Float64Array.of(value) })),
      update: { rate, step },
    });
  const w = feed(quantity(own.symbol, weights));
  const g = feed(quantity(symbols.gradient(own).symbol, gradient, { isFraction: true }));
  // A slot's letter is known from the lines that renew it; before the first update it holds zeros.
  const kept = slots.map((slot) => feed(quantity("", slot)));
  const lines = lettersOf([w, g, ...kept]);
  for (const { letter, slot } of lines) {
    if (slot !== undefined) names.set(kept[slot]!.index, quantity(letter, slots[slot]!));
  }
  return lines.map(({ letter, value }, position): DerivationStep => {
    const isLast = position === lines.length - 1;
    const expression = expressionOf(value, names, simplify);
    if (!isLast) names.set(value.index, quantity(letter, expression.value));
    return {
      kind: isLast ? "update" : "memory",
      id,
      target: isLast ? own : name(letter),
      source: isLast ? "" : own.plain,
      rule: "",
      ruleName: "",
      ...written(expression),
      result: { shape, data: expression.value.data },
      expectations: [],
    };
  });
}
