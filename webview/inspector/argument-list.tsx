// The arguments of a layer or function, defaults included.

import type { ArgumentValue } from "../../engine/protocol/catalog";
import type { Value } from "../../engine/protocol/network";
import { formatShape } from "../numbers";

export function ArgumentList({ value: { source } }: { readonly value: Value }) {
  if (source.kind !== "layer" && source.kind !== "operation") return null;
  const given = Object.entries(source.arguments);
  if (given.length === 0) return null;
  const chosen = source.kind === "layer" ? source.chosen : given.map(([name]) => name);
  return (
    <dl className="arguments">
      {given.map(([name, value]) => (
        <div key={name} className={chosen.includes(name) ? "argument is-chosen" : "argument"}>
          <dt>{name}</dt>
          <dd>{textOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: ArgumentValue): string {
  if (typeof value !== "object") return String(value);
  if ("data" in value) return `${formatShape(value.shape)} numbers`;
  if ("name" in value) return value.name;
  return formatShape(value.map(textOf));
}
