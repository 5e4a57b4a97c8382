// What a file's names of blocks stand for, and the context in which the body of a use is lowered.

import type { Range } from "../../../engine/protocol/text";
import { alsoNaming, elsewhere } from "../diagnostics";
import type { Context } from "./context";
import type { Signature } from "./signature";

export type BlockNames = ReadonlyMap<string, BlockSource>;

export interface BlockSource {
  readonly signature: Signature;
  readonly file: FileScope;
}

/** The file a declaration stands in. */
export interface FileScope {
  readonly text: string;
  /** As the import has it; undefined for the file that is lowered. */
  readonly path: string | undefined;
  /** Where it lies, relative to the file that is lowered; empty for the same folder. */
  readonly folder: string;
  /** Its own blocks and those it imports. */
  readonly blocks: BlockNames;
  /** Whether the file has this error by itself, however it is used. */
  readonly hasError: (message: string) => boolean;
}

/**
 * For a body: errors name its use too; those of another file's text are told at the use. With `noted`, what names in the
 * body stand for has been noted by an earlier use.
 */
export function contextOfUse(
  context: Context,
  from: FileScope,
  { signature, file }: BlockSource,
  use: Range,
  { noted }: { readonly noted: boolean },
): Context {
  const { name } = signature.declaration.name;
  const silent = { mention: () => {} };
  if (file === from) {
    const reporter = alsoNaming(context.reporter, { range: use, message: `${name} is used here` });
    return { ...context, reporter, ...(noted ? silent : {}) };
  }
  return {
    ...context,
    ...silent,
    text: file.text,
    reporter: elsewhere(context.reporter, use, placeInWords(name, file), file.hasError),
  };
}

export function placeInWords(name: string, { path }: FileScope): string {
  return path === undefined ? name : `${name} of "${path}"`;
}
