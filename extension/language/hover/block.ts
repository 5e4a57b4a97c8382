// Blocks, their uses, and imports, as their names show them.

import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Module } from "../../../engine/protocol/network";
import { formatCount } from "../format-number";
import { code, escapeMarkdown } from "../markdown";
import type { FoundInstance } from "../value-at";
import { formatValue } from "./callable";

export function blockSection({ blocks, networks }: Module, name: string): string | undefined {
  const block = blocks.find((candidate) => candidate.name === name);
  if (block === undefined) return undefined;
  const { documentation, inputs, attributes, imported } = block;
  const given = attributes.map(({ name: attribute, type, default: value }) =>
    code(`${attribute}: ${type}${value === undefined ? "" : ` = ${formatValue(value)}`}`),
  );
  const uses = networks.flatMap((network) => (network.blocks ?? []).filter((use) => use.block === name));
  const count = uses.length === 1 ? "Used once" : `Used ${formatCount(uses.length)} times`;
  return joined([
    `**${escapeMarkdown(name)}** · block${imported === undefined ? "" : ` of ${code(imported)}`}`,
    escapeMarkdown(documentation),
    [...inputs.map((input) => code(input)), ...given].join(", "),
    uses.length === 0 ? "No network of this file uses it." : `${count}, each time with parameters of its own.`,
  ]);
}

/** What one use of a block is and gives. */
export function instanceSection({ network, use }: FoundInstance): string {
  const prefix = `${use.instance}/`;
  const shapes = use.outputs.map(({ name, value }) => {
    const shape = network.values.find(({ id }) => id === value)?.shape;
    const text = shape === undefined ? "[?]" : formatShape(shape);
    return code(use.outputs.length === 1 ? text : `${name}: ${text}`);
  });
  const own = network.parameters.filter(({ id, trainable }) => trainable && id.startsWith(prefix));
  const numbers = own.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const trained = own.length === 0 ? "" : ` · ${formatCount(numbers)} trained numbers`;
  return `${code(use.instance)} gives ${shapes.join(", ") || "nothing"} for one sample${trained}`;
}

export function importSection({ imports }: Module, path: string): string | undefined {
  const found = imports.find((candidate) => candidate.path === path);
  if (found === undefined) return undefined;
  const names = found.names.map((name) => code(name)).join(", ");
  return joined([`**${escapeMarkdown(path)}** · import`, names === "" ? "It declares nothing to use here." : names]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
