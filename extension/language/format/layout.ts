// The white space each gap of a clean file should have. It follows from the tokens, from where comments stand, from blank
// lines, and from the few line breaks that the user's choice is: so a formatted text stays as it is.

import { type Items, isComment, itemsIn, itemText } from "./items";
import { bodyOf, findRegions, type Region, type Regions } from "./regions";
import type { Zone, Zones } from "./zones";

export interface Layout {
  /** Line breaks in each gap: 0, 1, or 2 for a blank line. */
  readonly lines: Uint8Array;
  /** Spaces behind the line breaks, or between two items on one line. */
  readonly spaces: Uint16Array;
}

const lineWidth = 100;
const indentation = 2;
const none: readonly Region[] = [];

export function layOut(items: Items, { clean, tail }: Zones): Layout {
  const layout: Layout = { lines: new Uint8Array(items.count + 1), spaces: new Uint16Array(items.count + 1) };
  let previous: Zone | undefined;
  for (const zone of clean) {
    layOutZone(items, layout, zone, previous);
    previous = zone;
  }
  for (let index = tail; index < items.count; index++) {
    layout.lines[index] = index === 0 ? 0 : blankKept(items, index);
  }
  layout.lines[items.count] = items.count === 0 ? 0 : 1;
  return layout;
}

/** Exactly one blank line before a declaration and its comments; imports may stand together. */
function layOutZone(items: Items, layout: Layout, zone: Zone, previous: Zone | undefined): void {
  const { start, first, last, declaration } = zone;
  const areImports = declaration.kind === "import" && previous?.declaration.kind === "import";
  for (let index = start; index <= first; index++) {
    if (index === 0) layout.lines[index] = 0;
    else if (index === start && !areImports) layout.lines[index] = 2;
    else layout.lines[index] = blankKept(items, index);
  }
  new ZoneLayout(items, layout, zone).run();
  // The comment that trails behind the declaration.
  if (last + 1 < items.count && isComment(items, last + 1) && items.lines[last + 1] === 0) layout.spaces[last + 1] = 1;
}

function blankKept(items: Items, index: number): number {
  return items.lines[index] === 2 ? 2 : 1;
}

interface BrokenRegion {
  readonly region: Region;
  /** Of the lines inside it. */
  readonly indent: number;
}

class ZoneLayout {
  private readonly regions: Regions;
  private readonly base: number;
  /** The space before each item that stands behind another one on its line: 0 or 1. */
  private readonly flatSpaces: Uint8Array;
  /** For each item the width of all items up to its end, as if they stood on one line. */
  private readonly widths: Uint32Array;
  /** How many forced breaks stand up to each item. */
  private readonly forcedUpTo: Uint32Array;
  /** Indentation + 1 of the items that begin a line because a region around them is broken. */
  private readonly lineIndent: Uint16Array;
  /** The same for items of a filled list that begin a line when they no longer fit. */
  private readonly fillIndent: Uint16Array;

  constructor(
    private readonly items: Items,
    private readonly layout: Layout,
    private readonly zone: Zone,
  ) {
    const { first, last } = zone;
    const count = last - first + 1;
    this.base = first;
    this.regions = findRegions(items, zone);
    this.flatSpaces = new Uint8Array(count);
    this.widths = new Uint32Array(count);
    this.forcedUpTo = new Uint32Array(count);
    this.lineIndent = new Uint16Array(count);
    this.fillIndent = new Uint16Array(count);
    let width = 0;
    let forced = 0;
    for (let index = first; index <= last; index++) {
      this.flatSpaces[index - first] = this.spaceBefore(index);
      // A comment is as wide as it likes.
      if (!isComment(items, index)) width += this.flatSpace(index) + this.widthOf(index);
      while (this.regions.forced[forced]! <= index) forced += 1;
      this.widths[index - first] = width;
      this.forcedUpTo[index - first] = forced;
    }
  }

  run(): void {
    const { first, last, declaration } = this.zone;
    const body = bodyOf(this.zone);
    if (body < 0 || declaration.kind === "import" || declaration.kind === "data") {
      this.layOutSpan(first, last, 0);
      return;
    }
    this.layOutSpan(first, body, 0);
    const statements =
      declaration.kind === "check"
        ? declaration.statements
        : declaration.kind === "train"
          ? declaration.entries
          : declaration.body;
    let next = body + 1;
    for (const { range } of statements) {
      const span = itemsIn(this.items, range);
      this.layOutCommentsUpTo(next, span.first, body);
      this.beginLine(span.first, indentation, span.first - 1 !== body);
      this.layOutSpan(span.first, span.last, indentation);
      next = span.last + 1;
    }
    this.layOutCommentsUpTo(next, last, body);
    if (last === body + 1) this.stay(last, 0);
    else this.beginLine(last, 0, false);
  }

  private layOutCommentsUpTo(from: number, to: number, body: number): void {
    for (let index = from; index < to; index++) {
      if (this.items.lines[index] === 0) this.stay(index, 1);
      else this.beginLine(index, indentation, index - 1 !== body);
    }
  }

  /** One statement, or the head of a declaration: its first item stands where it stands, the others follow. */
  private layOutSpan(first: number, last: number, indent: number): void {
    const { items } = this;
    const broken: BrokenRegion[] = [];
    let column = indent;
    let lineIndent = indent;
    let flatUpTo = -1;
    for (let index = first; index <= last; index++) {
      while (broken.length > 0 && broken[broken.length - 1]!.region.last < index) broken.pop();
      if (index > first) {
        const newLine = this.lineBefore(index, last, column, broken, indent);
        if (newLine === undefined) {
          const space = isComment(items, index) ? 1 : this.flatSpace(index);
          this.stay(index, space);
          column += space;
        } else {
          this.beginLine(index, newLine, this.mayKeepBlank(index, broken));
          column = newLine;
          lineIndent = newLine;
        }
      }
      for (const region of index > flatUpTo ? this.regionsAt(index) : none) {
        if (region.last > last) continue;
        if (!this.isForced(region) && this.fits(region, column, last)) {
          flatUpTo = region.last;
          break;
        }
        broken.push(this.break(region, lineIndent, broken));
      }
      column += this.widthOf(index);
    }
  }

  /** The indentation of the line that the item begins; undefined when it stays on the line. */
  private lineBefore(
    index: number,
    last: number,
    column: number,
    broken: readonly BrokenRegion[],
    indent: number,
  ): number | undefined {
    const { items } = this;
    const followsComment = isComment(items, index - 1);
    if (isComment(items, index)) {
      if (items.lines[index] === 0 && !followsComment) return undefined;
      return this.indentOfComment(index, last, broken, indent);
    }
    const decided = this.lineIndent[index - this.base]!;
    if (decided > 0) return decided - 1;
    const fill = this.fillIndent[index - this.base]!;
    if (fill > 0) {
      return followsComment || column + this.widthOfFillItem(index) > lineWidth ? fill - 1 : undefined;
    }
    return followsComment || this.keepsLine(index) ? this.continuation(broken, indent) : undefined;
  }

  /** A comment on a line of its own is indented as what it stands above. */
  private indentOfComment(index: number, last: number, broken: readonly BrokenRegion[], indent: number): number {
    let next = index + 1;
    while (next <= last && isComment(this.items, next)) next += 1;
    const innermost = broken[broken.length - 1];
    if (innermost && next === innermost.region.last && innermost.region.kind !== "pipeline") return innermost.indent;
    const decided = Math.max(this.lineIndent[next - this.base] ?? 0, this.fillIndent[next - this.base] ?? 0);
    return decided > 0 ? decided - 1 : this.continuation(broken, indent);
  }

  private continuation(broken: readonly BrokenRegion[], indent: number): number {
    return (broken[broken.length - 1]?.indent ?? indent) + indentation;
  }

  /** The two places where a line break carries meaning: behind a network called "on", a layer called "as" or "repeat". */
  private keepsLine(index: number): boolean {
    const { items } = this;
    if (items.lines[index] === 0 || items.kinds[index] !== "identifier") return false;
    const before = itemText(items, index - 1);
    if (before === "on") return index - 2 === this.base && itemText(items, index - 2) === "train";
    return (before === "as" || before === "repeat") && items.kinds[index - 2] === "->";
  }

  private mayKeepBlank(index: number, broken: readonly BrokenRegion[]): boolean {
    const innermost = broken[broken.length - 1]?.region;
    if (innermost === undefined || innermost.first === index - 1 || innermost.last === index) return false;
    return innermost.kind === "pipeline" || innermost.kind === "bracket";
  }

  private isForced({ first, last }: Region): boolean {
    return this.forcedUpTo[last - this.base]! > this.forcedUpTo[first - this.base]!;
  }

  private regionsAt(index: number): readonly Region[] {
    return this.regions.startingAt.get(index) ?? none;
  }

  /** Whether a region fits behind `column` on one line, with what has to follow on that line. */
  private fits(region: Region, column: number, last: number): boolean {
    const { items, base } = this;
    let width =
      column + this.widths[region.last - base]! - this.widths[region.first - base]! + this.widthOf(region.first);
    for (let index = region.last + 1; index <= last && width <= lineWidth; index++) {
      if (isComment(items, index) || this.lineIndent[index - base]! > 0 || this.fillIndent[index - base]! > 0) break;
      width += this.flatSpace(index) + this.widthOf(index);
      if (this.regionsAt(index).some(({ kind }) => kind === "bracket" || kind === "fill")) break;
    }
    return width <= lineWidth;
  }

  /** Marks the break points of a region. */
  private break(region: Region, lineIndent: number, broken: readonly BrokenRegion[]): BrokenRegion {
    const isBracket = region.kind === "bracket" || region.kind === "fill";
    const around = broken[broken.length - 1];
    // A sum at the head of a pipeline is indented deeper than the stages.
    const isInsideOther = around !== undefined && (around.region.kind === "pipeline" || around.region.kind === "chain");
    const outer = isBracket || !isInsideOther ? lineIndent : Math.max(lineIndent, around.indent);
    const indent = outer + indentation;
    region.breaks.forEach((item, index) => {
      const isCloser = isBracket && item === region.last;
      if (region.kind === "fill" && index > 0 && !isCloser) this.fillIndent[item - this.base] = indent + 1;
      else this.lineIndent[item - this.base] = (isCloser ? lineIndent : indent) + 1;
    });
    return { region, indent };
  }

  /** A space, the item, and the comma or bracket behind it. */
  private widthOfFillItem(index: number): number {
    let width = 0;
    for (let item = index; item <= this.zone.last; item++) {
      const isNext = item > index && (this.fillIndent[item - this.base]! > 0 || this.lineIndent[item - this.base]! > 0);
      if (isNext || isComment(this.items, item)) break;
      width += this.flatSpace(item) + this.widthOf(item);
    }
    return width;
  }

  private widthOf(index: number): number {
    return isComment(this.items, index) ? 0 : this.items.ends[index]! - this.items.starts[index]!;
  }

  private flatSpace(index: number): number {
    return this.flatSpaces[index - this.base]!;
  }

  private spaceBefore(index: number): 0 | 1 {
    const { items, regions } = this;
    if (index === this.base) return 0;
    if (regions.touchesPrevious.has(index) || regions.touchesNext.has(index - 1)) return 0;
    const previous = items.kinds[index - 1]!;
    const next = items.kinds[index]!;
    // `1. .T` without the space would be the number 1 and two dots.
    if (next === "." && previous === "number") return items.text[items.ends[index - 1]! - 1] === "." ? 1 : 0;
    if (previous === "{" && next === "}") return 0;
    switch (previous) {
      case "(":
      case "[":
      case ".":
      case "^":
        return 0;
    }
    switch (next) {
      case ")":
      case "]":
      case ",":
      case ".":
      case "^":
        return 0;
      // Behind a comma it is a slice: `x[0, :]`.
      case ":":
        return previous === "," ? 1 : 0;
      default:
        return 1;
    }
  }

  private beginLine(index: number, indent: number, keepsBlank: boolean): void {
    this.layout.lines[index] = keepsBlank ? blankKept(this.items, index) : 1;
    this.layout.spaces[index] = indent;
  }

  private stay(index: number, space: number): void {
    this.layout.lines[index] = 0;
    this.layout.spaces[index] = space;
  }
}
