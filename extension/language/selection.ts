// What "expand selection" selects around an offset, from the word to the file: the nodes of the syntax tree, the inside of
// brackets, strings and comments, and a declaration or statement with the comment above it.

import type { Range } from "../../engine/protocol/text";
import type { SourceFile } from "./ast";
import { bracketPairs } from "./brackets";
import { type Items, isComment, readItems } from "./format/items";
import { pathTo, type SyntaxNode } from "./syntax-tree";

/** Reads a text once for any number of offsets. */
export function selector(file: SourceFile, text: string): (offset: number) => Range[] {
  const items = readItems(text);
  const pairs = bracketPairs(items).map(({ start, end, opener, closer }) => ({
    start,
    end,
    inside: closer > opener + 1 && { start: items.starts[opener + 1]!, end: items.ends[closer - 1]! },
  }));
  return (offset) => {
    const candidates: Range[] = [];
    for (const node of pathTo(file, offset)) {
      candidates.push(node.range, ...insideString(node, text));
      const documented = withComments(node, items);
      if (documented) candidates.push(documented);
    }
    for (const pair of pairs) candidates.push(pair, ...(pair.inside ? [pair.inside] : []));
    candidates.push(...commentsAt(items, offset));
    return nested(candidates, offset);
  };
}

/** Innermost first; each range lies within the next one. */
function nested(candidates: readonly Range[], offset: number): Range[] {
  const around = candidates
    .filter(({ start, end }) => start <= offset && offset <= end && start < end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const chain: Range[] = [];
  for (const { start, end } of around) {
    const inner = chain[chain.length - 1];
    const isWider = !inner || (start <= inner.start && inner.end <= end && end - start > inner.end - inner.start);
    if (isWider) chain.push({ start, end });
  }
  return chain;
}

function insideString({ kind, range }: SyntaxNode, text: string): Range[] {
  if (kind !== "string" || range.end - range.start < 2) return [];
  const isClosed = text[range.end - 1] === text[range.start];
  return [{ start: range.start + 1, end: range.end - (isClosed ? 1 : 0) }];
}

/** A declaration or statement with the comment lines right above it. */
function withComments(node: SyntaxNode, items: Items): Range | undefined {
  if (!("documentation" in node) || node.documentation === "") return undefined;
  let index = items.starts.subarray(0, items.count).indexOf(node.range.start);
  let lines = node.documentation.split("\n").length;
  while (lines > 0 && index > 0 && isComment(items, index - 1)) {
    index -= 1;
    lines -= 1;
  }
  return index < 0 ? undefined : { start: items.starts[index]!, end: node.range.end };
}

/** The words of the comment at the offset, the comment, and the block of comment lines around it. */
function commentsAt(items: Items, offset: number): Range[] {
  for (let index = 0; index < items.count && items.starts[index]! <= offset; index++) {
    if (!isComment(items, index) || items.ends[index]! < offset) continue;
    const [start, end] = [items.starts[index]!, items.ends[index]!];
    const words = /^#\s*/.exec(items.text.slice(start, end))![0].length;
    let first = index;
    let last = index;
    const standsAlone = index === 0 || items.lines[index]! > 0;
    if (standsAlone) {
      while (first > 0 && items.lines[first] === 1 && isComment(items, first - 1) && isAlone(items, first - 1)) first--;
      while (last + 1 < items.count && items.lines[last + 1] === 1 && isComment(items, last + 1)) last++;
    }
    return [
      { start: start + words, end },
      { start, end },
      { start: items.starts[first]!, end: items.ends[last]! },
    ];
  }
  return [];
}

function isAlone(items: Items, index: number): boolean {
  return index === 0 || items.lines[index]! > 0;
}
