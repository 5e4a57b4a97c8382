// Text → everything the editor and the command line know about it before anything runs. Never throws.

import type { DataDescription, NumbersDescription } from "../../engine/protocol/data";
import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type { DataDeclaration, Module, NumbersFile } from "../../engine/protocol/network";
import type { SourceFile } from "./ast";
import { lint } from "./lint";
import { lower } from "./lower";
import { parse } from "./parser";

/** What lowering asks about the world outside the text. */
export interface Environment {
  /** Undefined while the data has not been read yet: then nothing is said about it. */
  describeData(data: DataDeclaration): DataDescription | undefined;
  /** What a parameter begins with. Undefined while the file has not been read yet: then nothing is said about it. */
  describeNumbers?(file: NumbersFile): NumbersDescription | undefined;
  /** A file that is imported; paths are relative to the text's own folder. Undefined while it is not known yet. */
  readFile?(path: string): FileText | undefined;
}

export type FileText = { readonly text: string } | { readonly problem: string };

export interface Analysis {
  readonly text: string;
  readonly file: SourceFile;
  readonly module: Module;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
}

export function analyze(text: string, environment: Environment = unknownWorld): Analysis {
  const file = parse(text);
  return lint({ text, file, ...lower(file, text, environment) }, environment);
}

/** For callers that read no data: every data set is still unknown. */
export const unknownWorld: Environment = { describeData: () => undefined };
