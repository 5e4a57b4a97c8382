// What can be folded: bodies, brackets and pipelines over several lines, blocks of comments, runs of imports, and what
// stands between `# region` and `# endregion`. A closing bracket at the beginning of a line stays visible.

import type { SourceFile } from "./ast";
import { bracketPairs } from "./brackets";
import { type Items, isComment, readItems } from "./format/items";
import { Positions } from "./positions";
import { walk } from "./syntax-tree";

/** Lines count from 0; both stay visible but for the text behind the first one. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: "comment" | "imports" | "region";
}

/** Ordered by their first lines, of which each begins one fold only: the longest. */
export function folds(file: SourceFile, text: string): Fold[] {
  const items = readItems(text);
  const positions = new Positions(text);
  const lineAt = (offset: number) => positions.positionAt(offset).line;
  const found = [
    ...bracketFolds(items, lineAt),
    ...pipelineFolds(file, lineAt),
    ...commentFolds(items, lineAt),
    ...importFolds(file, lineAt),
  ];
  const longest = new Map<number, Fold>();
  for (const fold of found) {
    const other = longest.get(fold.startLine);
    if (fold.endLine > fold.startLine && (!other || other.endLine < fold.endLine)) longest.set(fold.startLine, fold);
  }
  return [...longest.values()].sort((a, b) => a.startLine - b.startLine);
}

type LineAt = (offset: number) => number;

function bracketFolds(items: Items, lineAt: LineAt): Fold[] {
  return bracketPairs(items).map(({ start, end, closer }) => {
    let first = closer;
    while (items.lines[first] === 0 && isClosing(items, first - 1)) first -= 1;
    // In a line such as `]) {` the next fold begins.
    const staysVisible = items.lines[first]! > 0;
    return { startLine: lineAt(start), endLine: lineAt(end) - (staysVisible ? 1 : 0) };
  });
}

function isClosing({ kinds }: Items, index: number): boolean {
  return kinds[index] === ")" || kinds[index] === "]" || kinds[index] === "}";
}

/** A pipeline alone, and from the name it is given. */
function pipelineFolds(file: SourceFile, lineAt: LineAt): Fold[] {
  const found: Fold[] = [];
  const add = (start: number, end: number) => found.push({ startLine: lineAt(start), endLine: lineAt(end) });
  walk(file, (node) => {
    if (node.kind === "pipeline") add(node.range.start, node.range.end);
    else if (node.kind === "data" || node.kind === "binding") {
      // `y =` on a line of its own, and what follows below.
      const value = node.kind === "data" ? node.source : node.value;
      if (value.kind === "pipeline") add(node.range.start, value.range.end);
    }
  });
  return found;
}

function commentFolds(items: Items, lineAt: LineAt): Fold[] {
  const found: Fold[] = [];
  const regions: number[] = [];
  let block: { first: number; last: number } | undefined;
  const endBlock = () => {
    if (block) found.push({ startLine: block.first, endLine: block.last, kind: "comment" });
    block = undefined;
  };
  for (let index = 0; index < items.count; index++) {
    const ownLine = isComment(items, index) && (index === 0 || items.lines[index]! > 0);
    if (!ownLine) {
      endBlock();
      continue;
    }
    const line = lineAt(items.starts[index]!);
    const marker = /^#\s*(end)?region\b/.exec(items.text.slice(items.starts[index], items.ends[index]));
    if (marker) {
      endBlock();
      if (!marker[1]) regions.push(line);
      else if (regions.length > 0) found.push({ startLine: regions.pop()!, endLine: line, kind: "region" });
    } else if (block && items.lines[index] === 1) {
      block.last = line;
    } else {
      endBlock();
      block = { first: line, last: line };
    }
  }
  endBlock();
  return found;
}

function importFolds({ declarations }: SourceFile, lineAt: LineAt): Fold[] {
  const found: Fold[] = [];
  let first: number | undefined;
  declarations.forEach(({ kind, range }, index) => {
    if (kind !== "import") {
      first = undefined;
      return;
    }
    first ??= range.start;
    if (declarations[index + 1]?.kind !== "import") {
      found.push({ startLine: lineAt(first), endLine: lineAt(range.end), kind: "imports" });
    }
  });
  return found;
}
