// Which stretch of items belongs to which declaration, and whether it may be formatted. A declaration with a problem, and
// whatever stands around it in no declaration, stays as it is to the byte.

import type { Range } from "../../../engine/protocol/text";
import type { Declaration, SourceFile } from "../ast";
import { firstItemFrom, type Items, isComment, lastItemBefore, matchBrackets } from "./items";

/** The items of a declaration: comments that lead to it, its own, and comments that trail behind it on its last line. */
export interface Zone {
  readonly declaration: Declaration;
  /** First of the leading comments, or of the declaration. */
  readonly start: number;
  readonly first: number;
  readonly last: number;
  /** Partners of the brackets between `first` and `last`. */
  readonly partners: Int32Array;
}

export interface Zones {
  /** Those that may be formatted, in order. */
  readonly clean: readonly Zone[];
  /** For each item whether it may move; the items of clean zones and the comments at the end of the file. */
  readonly movable: Uint8Array;
  /** First of the comments behind the last declaration; the count of items when there are none. */
  readonly tail: number;
}

/** The parser counts further problems than these, but no longer says where they are. */
const maximumProblems = 100;

export function findZones(items: Items, file: SourceFile): Zones {
  const movable = new Uint8Array(items.count);
  const clean: Zone[] = [];
  if (file.problems.length > maximumProblems) return { clean, movable, tail: items.count };
  const troubled = troubledDeclarations(file);
  /** First item that is in no zone yet. */
  let next = 0;
  let previousIsClean = !troubled.has(-1);
  file.declarations.forEach((declaration, index) => {
    const first = firstItemFrom(items, declaration.range.start);
    const last = lastItemBefore(items, declaration.range.end);
    const partners = troubled.has(index) || first > last ? undefined : partnersOf(items, declaration, first, last);
    const onlyCommentsBefore = previousIsClean && areComments(items, next, first);
    const start = onlyCommentsBefore ? next : startOfDocumentation(items, next, first);
    next = Math.max(next, endOfLine(items, last));
    const isClean = partners !== undefined && isFollowedByDeclaration(items, file, index, last);
    if (isClean) {
      clean.push({ declaration, start, first, last, partners });
      movable.fill(1, start, next);
    }
    previousIsClean = isClean;
  });
  const tail = previousIsClean && areComments(items, next, items.count) ? next : items.count;
  movable.fill(1, tail, items.count);
  return { clean, movable, tail };
}

/** Indices of the declarations that have problems in them or behind them; -1 for what stands before the first one. */
function troubledDeclarations({ declarations, problems }: SourceFile): Set<number> {
  const troubled = new Set<number>();
  let index = -1;
  for (const { range } of problems) {
    while (index + 1 < declarations.length && declarations[index + 1]!.range.start <= range.start) index += 1;
    troubled.add(index);
    for (let other = index + 1; other < declarations.length && touches(declarations[other]!.range, range); other++) {
      troubled.add(other);
    }
  }
  return troubled;
}

function touches(declaration: Range, problem: Range): boolean {
  return declaration.start < problem.end;
}

function partnersOf(items: Items, declaration: Declaration, first: number, last: number): Int32Array | undefined {
  const hasBody = declaration.kind !== "import" && declaration.kind !== "data";
  // A body may go on behind the declaration that interrupts it.
  if (hasBody && items.kinds[last] !== "}") return undefined;
  return matchBrackets(items, first, last);
}

function isFollowedByDeclaration(items: Items, file: SourceFile, index: number, last: number): boolean {
  const following = file.declarations[index + 1];
  const end = following ? firstItemFrom(items, following.range.start) : items.count;
  return areComments(items, last + 1, end);
}

function areComments(items: Items, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!isComment(items, index)) return false;
  return true;
}

/** The comment lines right above an item. */
function startOfDocumentation(items: Items, from: number, first: number): number {
  let start = first;
  while (start > from && items.lines[start] === 1 && isOwnLineComment(items, start - 1)) start -= 1;
  return start;
}

function isOwnLineComment(items: Items, index: number): boolean {
  return isComment(items, index) && (index === 0 || items.lines[index] !== 0);
}

/** The item behind the comment that trails behind `last`, if there is one. */
function endOfLine(items: Items, last: number): number {
  const trails = last + 1 < items.count && isComment(items, last + 1) && items.lines[last + 1] === 0;
  return trails ? last + 2 : last + 1;
}
