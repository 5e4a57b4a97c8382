// What fixes look at, and what they are.

import type { DataSummary } from "../../../engine/protocol/data";
import type { Diagnostic, Fix } from "../../../engine/protocol/diagnostic";
import type { DataDeclaration, Module } from "../../../engine/protocol/network";
import type { SourceFile } from "../ast";
import type { SourceEdits } from "./source-edits";

/** What fixes look at. */
export interface World {
  readonly file: SourceFile;
  readonly module: Module;
  readonly edits: SourceEdits;
  summaryOf(data: DataDeclaration): DataSummary | undefined;
}

export type Fixer = (diagnostic: Diagnostic, world: World) => readonly (Fix | undefined)[];
