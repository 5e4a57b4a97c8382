// The files a text names: imports, the file arguments of data sources, and what parameters begin with. Knows paths as
// written, not where they lead.

import { documentation } from "../../engine/model/catalog";
import type { Range } from "../../engine/protocol/text";
import type { Argument, DataDeclaration, Declaration, SourceFile, StringLiteral } from "./ast";

export interface FileLink {
  /** Between the quotes. */
  readonly range: Range;
  /** As written, relative to the file. */
  readonly path: string;
}

export function fileLinks({ declarations }: SourceFile): FileLink[] {
  return declarations
    .flatMap(filesIn)
    .filter(({ value, range }) => value !== "" && range.end - range.start > 2)
    .map(({ value, range }) => ({ range: { start: range.start + 1, end: range.end - 1 }, path: value }));
}

function filesIn(declaration: Declaration): StringLiteral[] {
  switch (declaration.kind) {
    case "import":
      return [declaration.path];
    case "data":
      return filesOf(declaration);
    case "network":
    case "block":
      return declaration.body.flatMap((statement) =>
        statement.kind === "parameter" && statement.initializer?.kind === "string" ? [statement.initializer] : [],
      );
    case "train":
    case "check":
      return [];
    default:
      return declaration satisfies never;
  }
}

function filesOf({ source }: DataDeclaration): StringLiteral[] {
  if (source.kind !== "call") return [];
  const specs = documentation("dataset", source.callee.name)?.arguments;
  let position = 0;
  return source.arguments.flatMap((argument) => {
    const index = argument.name ? undefined : position++;
    const { value } = argument;
    if (value.kind !== "string") return [];
    // What this version cannot read yet has files for arguments too.
    const spec = specs?.find(({ name }, at) => isFor(argument, name, at, index));
    return specs === undefined || spec?.type.kind === "file" ? [value] : [];
  });
}

function isFor({ name }: Argument, specName: string, specIndex: number, index: number | undefined): boolean {
  return name ? name.name === specName : specIndex === index;
}
