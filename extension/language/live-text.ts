// Snapshot → the short text after each line while it trains: `μ .31 ∇ 3.2e-3 off 41%`: mean of the value, L2 norm of its
// gradient, share of numbers that are exactly 0. Where several values end on the line, the name of the one that is meant.

import type { BlockUse, Network, Value, ValueId } from "../../engine/protocol/network";
import type { ObservedQuantity, Snapshot } from "../../engine/protocol/snapshot";
import type { Analysis } from "./analyze";
import { formatCount, formatShare, formatShort } from "./format-number";
import { Positions } from "./positions";
import { isElsewhere } from "./value-at";

export interface LiveText {
  /** The end of the line. */
  readonly offset: number;
  readonly text: string;
  readonly id: ValueId;
}

/** One for each line on which a value ends: the last one with a name, otherwise the last one. Ordered by offset. */
export function liveTexts({ text, module }: Analysis, snapshot: Snapshot): readonly LiveText[] {
  const network = networkOf({ module }, snapshot);
  if (network === undefined) return [];
  const positions = new Positions(text);
  // A block's lines tell of its first use.
  const shown = new Map<string, string>();
  const shownUse = ({ block, instance }: BlockUse): string => {
    if (!shown.has(block)) shown.set(block, instance);
    return shown.get(block)!;
  };
  const byLine = new Map<number, { readonly value: Value; readonly isOnly: boolean }>();
  for (const value of network.values) {
    if (value.source.kind === "constant" || snapshot.quantities[value.id] === undefined) continue;
    const use = value.path?.at(-1);
    if (isElsewhere(value) || (use && shownUse(use) !== use.instance)) continue;
    const { line } = positions.positionAt(endOf(value));
    const rival = byLine.get(line);
    if (rival === undefined) byLine.set(line, { value, isOnly: true });
    else byLine.set(line, { value: isBetter(value, rival.value) ? value : rival.value, isOnly: false });
  }
  return [...byLine]
    .map(([line, { value, isOnly }]) => {
      const numbers = liveText(snapshot.quantities[value.id]!);
      const text = isOnly || value.name === undefined ? numbers : `${value.name} ${numbers}`;
      return { offset: positions.lineEnd(line), text, id: value.id };
    })
    .sort((a, b) => a.offset - b.offset);
}

/** The network that a snapshot's numbers belong to, as the text has it now. */
export function networkOf({ module }: Pick<Analysis, "module">, snapshot: Snapshot): Network | undefined {
  const training = module.trainings.find(({ name }) => name === snapshot.training);
  return training && module.networks.find(({ name }) => name === training.network.name);
}

function liveText({ value, gradient }: ObservedQuantity): string {
  const parts: string[] = [];
  const notFinite = value.notFinite + (gradient?.notFinite ?? 0);
  if (notFinite > 0) parts.push(`${formatCount(notFinite)} not finite`);
  parts.push(`μ ${formatShort(value.mean)}`);
  if (gradient !== undefined) parts.push(`∇ ${formatShort(gradient.norm)}`);
  if (value.zeroFraction > 0) parts.push(`off ${formatShare(value.zeroFraction)}`);
  return parts.join(" ");
}

function endOf({ range, nameRange }: Value): number {
  return Math.max(range.end, nameRange?.end ?? 0);
}

function isBetter(value: Value, rival: Value): boolean {
  const named = value.name !== undefined;
  if (named !== (rival.name !== undefined)) return named;
  return endOf(value) >= endOf(rival);
}
