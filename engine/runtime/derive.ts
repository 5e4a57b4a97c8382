// Derivations: the whole forward and backward pass of a check as structured steps, and the page that shows them.

import type { Check } from "../protocol/network";
import { page } from "./derive/page";
import { derive } from "./derive/passes";

export type { Derivation, DerivationStep, Given, Part } from "./derive/derivation";
export { type Expression, evaluate } from "./derive/expression";
export { DerivationError, derive } from "./derive/passes";
export { entry, inEntries, inNumbers, inSymbols } from "./derive/write";
export { page };

/** Markdown with LaTeX. Throws DerivationError when the check cannot be run. */
export function derivationPage(check: Check): string {
  return page(derive(check));
}
