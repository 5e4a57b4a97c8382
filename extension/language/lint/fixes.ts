// Changes that remove the cause of an error, found after lowering: each code with what can be done about it.

import { namesOf } from "../../../engine/model/catalog";
import type { Diagnostic, Fix } from "../../../engine/protocol/diagnostic";
import type { Code } from "../diagnostics";
import { addToCheck, fixGivenShape, fixInputShape, fixTargetShape } from "./check-fixes";
import { fixParameterShape, fixShape } from "./shape-fixes";
import { fixDuplicateEntry, fixMissingReturn, removeStatement } from "./statement-fixes";
import { fixClassCount, fixDataShape, fixLossShape } from "./training-fixes";
import type { Fixer, World } from "./world";

const fixers: { readonly [C in Code]?: Fixer } = {
  shape: fixShape,
  "data-shape": fixDataShape,
  "loss-shape": fixLossShape,
  "class-count": fixClassCount,
  "parameter-shape": fixParameterShape,
  "unused-value": ({ range }, { file, edits }) => [removeStatement(file, edits, range)],
  "missing-return": fixMissingReturn,
  "duplicate-entry": fixDuplicateEntry,
  "input-shape": fixInputShape,
  "given-shape": fixGivenShape,
  "target-shape": fixTargetShape,
  "needs-loss": (diagnostic, world) => [addToCheck(diagnostic, world, `loss: ${namesOf("loss")[0]}`)],
  "needs-optimizer": (diagnostic, world) => [addToCheck(diagnostic, world, `optimizer: ${namesOf("optimizer")[0]}`)],
};

/** Fixes for a diagnostic of lowering, besides those that it brings. */
export function fixesFor(diagnostic: Diagnostic, world: World): readonly Fix[] {
  const fixer = Object.hasOwn(fixers, diagnostic.code) ? fixers[diagnostic.code as Code] : undefined;
  return fixer === undefined ? [] : fixer(diagnostic, world).filter((fix) => fix !== undefined);
}
