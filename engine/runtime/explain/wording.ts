// What causes call things: an element of a value, a layer as it is written, a number.

import { traitsOf } from "../../model/catalog";
import type { Traits } from "../../model/traits";
import type { Value } from "../../protocol/network";
import { formatNumber } from "../print";
import { plainName, type Subject } from "./formula";
import type { StudiedBatch } from "./studied-batch";
import { indicesAt } from "./terms";

/** `h[0][3]` */
export function elementName(batch: StudiedBatch, subject: Subject, position: number): string {
  const { shape } = batch.tensor(subject.id);
  return `${plainName(batch, subject)}${indicesAt(shape, position)
    .map((index) => `[${index}]`)
    .join("")}`;
}

export const shown = (number: number): string => formatNumber(number, 4).replace("-", "−");

export function traitsAt({ source }: Value): Traits {
  if (source.kind === "layer") return traitsOf("layer", source.layer);
  return source.kind === "operation" ? traitsOf("function", source.function) : {};
}

/** As it is written: `ReLU`, `tanh`. */
export function kindOf({ source, title }: Value): string {
  if (source.kind === "layer") return source.layer;
  return source.kind === "operation" ? source.function : title;
}
