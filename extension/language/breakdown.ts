// A training that broke down → the diagnostic of its text: the only one that shows when the text runs.

import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type { Training, ValueId } from "../../engine/protocol/network";
import { type Code, messages } from "./diagnostics";
import { rangeOfValue } from "./value-at";

export interface Breakdown {
  readonly message: string;
  /** Where numbers ceased to be finite; absent when something else ended the training. */
  readonly value?: ValueId;
}

/** Undefined when no value is to blame, or none of that name is in the training's network. */
export function breakdownOf({ network }: Training, { message, value }: Breakdown): Diagnostic | undefined {
  const range = value === undefined ? undefined : rangeOfValue(network, value);
  if (!range) return undefined;
  const code: Code = "not-finite";
  const { severity, text } = messages[code];
  return { code, severity, range, message: text(message), related: [], fixes: [] };
}
