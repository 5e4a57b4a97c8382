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

/**
 * One for each line on which a value, or the use of a block, ends: the last one with a name, otherwise the last one. Ordered
 * by offset.
 */
export function liveTexts({ text, module }: Analysis, snapshot: Snapshot): readonly LiveText[] {
  const network = networkOf({ module }, snapshot);
  if (network === undefined || network.imported !== undefined) return [];
  const positions = new Positions(text);
  // A block's lines tell of its first use.
  const shown = new Map<string, string>();
  const shownUse = ({ block, instance }: BlockUse): string => {
    if (!shown.has(block)) shown.set(block, instance);
    return shown.get(block)!;
  };
  const byLine = new Map<number, { readonly item: Written; readonly isOnly: boolean }>();
  for (const item of writtenIn(network, text)) {
    if (snapshot.quantities[item.id] === undefined) continue;
    const use = item.path?.at(-1);
    if (isElsewhere(item) || (use && shownUse(use) !== use.instance)) continue;
    const { line } = positions.positionAt(endOf(item));
    const rival = byLine.get(line);
    if (rival === undefined) byLine.set(line, { item, isOnly: true });
    else byLine.set(line, { item: isBetter(item, rival.item) ? item : rival.item, isOnly: false });
  }
  return [...byLine]
    .map(([line, { item, isOnly }]) => {
      const numbers = liveText(snapshot.quantities[item.id]!);
      const text = isOnly || item.name === undefined ? numbers : `${item.name} ${numbers}`;
      return { offset: positions.lineEnd(line), text, id: item.id };
    })
    .sort((a, b) => a.offset - b.offset);
}

/** The network that a snapshot's numbers belong to, as the text has it now: with its training's values of attributes. */
export function networkOf({ module }: Pick<Analysis, "module">, snapshot: Snapshot): Network | undefined {
  return module.trainings.find(({ name }) => name === snapshot.training)?.network;
}

/** A value, or the use of a block, which stands for what it gives. */
interface Written extends Pick<Value, "id" | "name" | "range" | "nameRange" | "path"> {}

function writtenIn({ values, blocks = [] }: Network, text: string): readonly Written[] {
  const uses = blocks.flatMap(({ outputs, nameRange, range, path }): Written[] => {
    const [output] = outputs;
    if (output === undefined || outputs.length > 1) return [];
    const written = { id: output.value, range, ...(path && { path }) };
    return [nameRange ? { ...written, nameRange, name: text.slice(nameRange.start, nameRange.end) } : written];
  });
  return [...values.filter(({ source }) => source.kind !== "constant"), ...uses];
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

function endOf({ range, nameRange }: Written): number {
  return Math.max(range.end, nameRange?.end ?? 0);
}

function isBetter(item: Written, rival: Written): boolean {
  const named = item.name !== undefined;
  if (named !== (rival.name !== undefined)) return named;
  return endOf(item) >= endOf(rival);
}
