// What the quantities of a network are called on paper.

import type { Network, Value, ValueId } from "../../protocol/network";
import { identifier, text } from "./latex";

export interface Name {
  /** LaTeX. */
  readonly symbol: string;
  /** The same as plain text. */
  readonly plain: string;
}

export interface Symbols {
  /** Of a value or a parameter. */
  of(id: ValueId): Name;
  readonly loss: Name;
  readonly target: Name;
  gradient(of: Name): Name;
}

export function symbolsOf(network: Network): Symbols {
  const names = new Map<ValueId, Name>();
  for (const value of network.values) names.set(value.id, nameOf(value, network));
  for (const { id, name, instance } of network.parameters) {
    const owner = instance === undefined ? undefined : ownerOf(instance, network);
    if (owner) names.set(id, { symbol: `${identifier(name)}_{${owner.symbol}}`, plain: `${owner.plain}.${name}` });
    else if (!names.has(id)) names.set(id, { symbol: identifier(name), plain: name });
  }
  const taken = new Set([...names.values()].map(({ symbol }) => symbol));
  const loss = { symbol: taken.has("L") ? String.raw`\mathcal{L}` : "L", plain: "L" };
  const target = taken.has("t") ? { symbol: text("target"), plain: "target" } : { symbol: "t", plain: "t" };
  return {
    of: (id) => names.get(id) ?? { symbol: text(id), plain: id },
    loss,
    target,
    gradient: ({ symbol, plain }) => ({
      symbol: String.raw`\frac{\partial ${loss.symbol}}{\partial ${symbol}}`,
      plain: `∂${loss.plain}/∂${plain}`,
    }),
  };
}

function nameOf(value: Value, network: Network): Name {
  const { name, title, source, path } = value;
  const inner = path?.at(-1);
  const within = inner ? ` (${readable(inner.instance)})` : "";
  const inBlock = (symbol: string): string =>
    inner ? `{${symbol}^{${text(`(${readable(inner.instance)})`)}}}` : symbol;
  if (name !== undefined) return { symbol: inBlock(identifier(name)), plain: `${name}${within}` };
  const isLayer = source.kind === "layer";
  const alike = network.values.filter(
    (other) => other.name === undefined && (isLayer ? other.title === title : other.source.kind === "operation"),
  );
  const number = alike.indexOf(value) + 1;
  if (!isLayer) {
    const letter = network.values.some((other) => /^v_?\d+$/.test(other.name ?? "")) ? "u" : "v";
    return { symbol: `${letter}_{${number}}`, plain: `${letter}${number}` };
  }
  const only = alike.length === 1;
  return {
    symbol: only ? text(title) : `${text(title)}_{${number}}`,
    plain: only ? title : `${title} ${number}`,
  };
}

/** What stands as subscript of a layer's parameters. */
function ownerOf(instance: string, network: Network): Name {
  const value = network.values.find(({ id }) => id === instance);
  if (value?.name !== undefined && value.path === undefined) {
    return { symbol: /^[A-Za-z]\d*$/.test(value.name) ? value.name : text(value.name), plain: value.name };
  }
  if (value) return nameOf(value, network);
  return { symbol: text(readable(instance)), plain: readable(instance) };
}

const readable = (instance: string): string => instance.replaceAll("#", " ").replaceAll("/", " ");
