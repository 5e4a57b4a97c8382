// What a stretch of a body's text takes from outside of it: values and attributes that it names but does not bind.

import type { Range } from "../../../engine/protocol/text";
import type { InputDeclaration } from "../ast";
import { isInside } from "./body";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

export interface FreeNames {
  /** In the order of their first use. */
  readonly values: readonly string[];
  readonly attributes: readonly InputDeclaration[];
}

export function freeNames(scene: Scene, { body }: Pick<Item, "body">, range: Range): FreeNames {
  const values = new Set<string>();
  const attributes = new Map<string, InputDeclaration>();
  for (const { range: place, symbol } of scene.occurrences) {
    if (!isInside(place, range) || isInside(symbol.nameRange, range)) continue;
    switch (symbol.kind) {
      case "attribute":
        attributes.set(symbol.name, body.declaration.inputs.find(({ name }) => name.name === symbol.name)!);
        break;
      case "input":
      case "value":
      case "parameter":
      case "constant":
      case "output":
        values.add(symbol.name);
        break;
      case "layer":
      case "weight":
        refuse(
          `${symbol.name} in line ${scene.line(place)} belongs to ${body.declaration.name.name}: it cannot be taken along.`,
        );
        break;
      case "network":
      case "block":
      case "data":
      case "training":
        break;
      default:
        symbol.kind satisfies never;
    }
  }
  return { values: [...values], attributes: [...attributes.values()] };
}
