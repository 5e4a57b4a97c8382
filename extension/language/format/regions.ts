// Where a declaration may be broken into lines: its brackets, its pipelines, its long sums. Each such region is laid out
// either on one line or with a line break at every one of its break points. Also finds the tokens that touch others.

import type { BinaryExpression, Declaration, Expression, PipelineExpression } from "../ast";
import { type SyntaxNode, walk } from "../syntax-tree";
import { firstItemFrom, type Items, isComment, itemsIn } from "./items";
import type { Zone } from "./zones";

export interface Region {
  readonly first: number;
  readonly last: number;
  /** "fill": a list of numbers, as many on a line as fit. "chain": operators of one precedence. */
  readonly kind: "bracket" | "fill" | "pipeline" | "chain";
  /** The items that begin a line when the region is broken, in order; of a bracket the closing one too. */
  readonly breaks: readonly number[];
}

/** Numbers are item indices. */
export interface Regions {
  /** Outer before inner. */
  readonly startingAt: ReadonlyMap<number, readonly Region[]>;
  /** Items inside the regions that have to be broken, in order: each one breaks all regions around it. */
  readonly forced: readonly number[];
  readonly touchesPrevious: ReadonlySet<number>;
  readonly touchesNext: ReadonlySet<number>;
}

/** A pipeline of more stages has each on a line of its own. */
const mostStagesOnOneLine = 3;

export function findRegions(items: Items, zone: Zone): Regions {
  return new RegionFinder(items, zone).find();
}

class RegionFinder {
  private readonly regions: Region[] = [];
  private readonly forced: number[] = [];
  private readonly touchesPrevious = new Set<number>();
  private readonly touchesNext = new Set<number>();
  /** Opening brackets of indices: `x[0]`. */
  private readonly indices = new Set<number>();
  /** Opening brackets of arguments: `Dense(64)`. */
  private readonly calls = new Set<number>();

  constructor(
    private readonly items: Items,
    private readonly zone: Zone,
  ) {}

  find(): Regions {
    const { declaration, first, last } = this.zone;
    const body = bodyOf(this.zone);
    this.readHead(declaration);
    walk(declaration, (node, parent) => this.readNode(node, parent));
    for (let index = first; index <= last; index++) {
      if (isComment(this.items, index)) this.forced.push(index);
      else if (this.partner(index) > index && index !== body) this.readBracket(index, this.partner(index));
    }
    const startingAt = new Map<number, Region[]>();
    // Stable: of two regions over the same items the bracket, found last, is the inner one.
    for (const region of this.regions.sort((a, b) => a.first - b.first || b.last - a.last)) {
      const others = startingAt.get(region.first);
      if (others === undefined) startingAt.set(region.first, [region]);
      else others.push(region);
    }
    return {
      startingAt,
      forced: this.forced.sort((a, b) => a - b),
      touchesPrevious: this.touchesPrevious,
      touchesNext: this.touchesNext,
    };
  }

  private partner(index: number): number {
    return this.zone.partners[index - this.zone.first]!;
  }

  /** The parentheses behind the name of a network: its inputs or arguments. */
  private readHead(declaration: Declaration): void {
    const name =
      declaration.kind === "train"
        ? declaration.network
        : declaration.kind === "check"
          ? declaration.subject.kind === "on" && declaration.subject.network
          : declaration.kind !== "import" && declaration.name;
    if (!name) return;
    const behind = this.skipComments(firstItemFrom(this.items, name.range.end));
    if (this.items.kinds[behind] === "(") this.readCall(behind);
  }

  private readNode(node: SyntaxNode, parent: SyntaxNode | undefined): void {
    switch (node.kind) {
      case "unary":
        this.touchesNext.add(firstItemFrom(this.items, node.range.start));
        return;
      case "call":
        this.readCall(this.partner(itemsIn(this.items, node.range).last));
        return;
      case "index": {
        const opener = this.partner(itemsIn(this.items, node.range).last);
        this.indices.add(opener);
        this.touchesPrevious.add(opener);
        return;
      }
      case "pipeline":
        this.readPipeline(node, parent);
        return;
      case "binary":
        if (!continuesChain(node, parent)) this.readChain(node);
        return;
      default:
        return;
    }
  }

  private readCall(opener: number): void {
    this.calls.add(opener);
    this.touchesPrevious.add(opener);
  }

  private readPipeline({ range, stages }: PipelineExpression, parent: SyntaxNode | undefined): void {
    const breaks = stages.map((stage) => firstItemFrom(this.items, stage.range.start));
    this.regions.push({ ...itemsIn(this.items, range), kind: "pipeline", breaks });
    // Who writes a short pipeline over several lines wants to see what each stage gives.
    const { lines } = this.items;
    const isWrittenOverLines =
      parent !== undefined &&
      holdersOfPipelines.includes(parent.kind) &&
      breaks.some((arrow) => lines[arrow]! > 0 || lines[arrow + 1]! > 0);
    if (stages.length > mostStagesOnOneLine || isWrittenOverLines) this.forced.push(breaks[0]!);
  }

  private readChain(node: BinaryExpression): void {
    const precedence = precedenceOf(node);
    if (precedence === undefined) return;
    // A comparison with a matrix is broken inside of the matrix.
    if (precedence === comparison && (hasBrackets(node.left) || hasBrackets(node.right))) return;
    const breaks: number[] = [];
    for (let link: Expression = node; ; link = link.left) {
      if (link.kind !== "binary" || precedenceOf(link) !== precedence || link.range.start !== node.range.start) break;
      breaks.push(this.operatorBefore(link.right));
    }
    this.regions.push({ ...itemsIn(this.items, node.range), kind: "chain", breaks: breaks.reverse() });
  }

  /** Between an operator and its right operand stand parentheses and comments only. */
  private operatorBefore(operand: Expression): number {
    let index = firstItemFrom(this.items, operand.range.start) - 1;
    while (this.items.kinds[index] === "(" || isComment(this.items, index)) index -= 1;
    return index;
  }

  private readBracket(opener: number, closer: number): void {
    const { kinds, lines } = this.items;
    const isIndex = this.indices.has(opener);
    const begins = [this.skipComments(opener + 1)];
    let hasBrackets = false;
    let isPlain = true;
    let lastDirect = opener;
    for (let index = opener + 1; index < closer; index++) {
      if (isComment(this.items, index)) continue;
      lastDirect = index;
      const partner = this.partner(index);
      if (partner > index) {
        hasBrackets = true;
        index = partner;
        lastDirect = partner;
      } else if (kinds[index] === ",") {
        begins.push(this.skipComments(index + 1));
      } else if (kinds[index] === ":" && isIndex) {
        this.touchesNext.add(index);
      } else if (kinds[index] === "->") {
        isPlain = false;
      }
    }
    if (begins[0] === closer) {
      // Empty; a comment in it still needs a place.
      if (closer > opener + 1) this.regions.push({ first: opener, last: closer, kind: "bracket", breaks: [closer] });
      return;
    }
    if (begins.length === 1 && this.hugs(opener, closer)) return;
    const isList = kinds[opener] === "[" && !isIndex;
    const kind = isList && isPlain && !hasBrackets && begins.length > 1 ? "fill" : "bracket";
    this.regions.push({ first: opener, last: closer, kind, breaks: [...begins, closer] });

    const isMatrix = isList && begins.length > 1 && kinds[begins[0]!] === "[" && begins[begins.length - 1] !== closer;
    const hasRows = isMatrix && begins.some((row) => lines[row]! > 0);
    // A comma behind the last one asks for a line each, as in Black. In `(a,)` it makes a tuple of one and asks nothing.
    const isTupleOfOne = kinds[opener] === "(" && !this.calls.has(opener) && begins.length === 2;
    const hasLastComma = kinds[lastDirect] === "," && !isTupleOfOne;
    if (hasRows || hasLastComma) this.forced.push(begins[0]!);
  }

  /** A single thing in brackets of its own needs no further line break: `Masha(X: [`. */
  private hugs(opener: number, closer: number): boolean {
    const inner = this.partner(closer - 1);
    if (inner < 0 || inner === opener || this.zone.partners[inner - this.zone.first] !== closer - 1) return false;
    for (let index = opener + 1; index < inner; index++) {
      const kind = this.items.kinds[index];
      if (kind !== "identifier" && kind !== ":") return false;
    }
    return inner < closer - 2;
  }

  private skipComments(index: number): number {
    let next = index;
    while (isComment(this.items, next)) next += 1;
    return next;
  }
}

/** The opening brace of a body; -1 for a declaration without one. */
export function bodyOf({ declaration, first, last, partners }: Zone): number {
  return declaration.kind === "import" || declaration.kind === "data" ? -1 : partners[last - first]!;
}

const holdersOfPipelines: readonly SyntaxNode["kind"][] = ["binding", "output", "data", "entry", "parameter", "given"];

const comparison = 1;

function precedenceOf({ operator }: BinaryExpression): number | undefined {
  switch (operator) {
    case "*":
    case "/":
    case "@":
      return 3;
    case "+":
    case "-":
      return 2;
    case "^":
      return undefined;
    default:
      return comparison;
  }
}

/** Whether the links of this chain are those of the chain around it: `a + b` in `a + b + c`. */
function continuesChain(node: BinaryExpression, parent: SyntaxNode | undefined): boolean {
  return (
    parent?.kind === "binary" &&
    parent.left === node &&
    parent.range.start === node.range.start &&
    precedenceOf(parent) === precedenceOf(node)
  );
}

function hasBrackets({ kind }: Expression): boolean {
  return kind === "list" || kind === "call" || kind === "tuple" || kind === "index";
}
