// The formula of one value or gradient of a batch, read off its Graph, and one element of it written with its numbers.

import { targetId } from "../../model/build";
import type { Tensor } from "../../model/graph";
import type { NdArray } from "../../protocol/array";
import type { Explained } from "../../protocol/explanation";
import type { ValueId } from "../../protocol/network";
import {
  ArrayOnDemand,
  constant,
  type Expression,
  expressionOf,
  lengthOf,
  type Names,
  quantity,
} from "../derive/expression";
import { bound, numberPiece, type Piece, widthOf } from "../derive/latex";
import { simplify } from "../derive/simplify";
import { inSymbols } from "../derive/write";
import type { StudiedBatch } from "./studied-batch";
import { type Element, indicesAt, type Term, termsOf } from "./terms";

/** A value or gradient as an expression over others that have names. */
export interface Formula {
  /** LaTeX */
  readonly symbol: string;
  readonly expression: Expression;
  /** What the names in it stand for. */
  readonly subjects: ReadonlyMap<Expression, Subject>;
}

export interface Subject {
  readonly id: ValueId;
  readonly of: Explained;
}

/** Undefined for what is given and computed from nothing. */
export function formulaOf(batch: StudiedBatch, { id, of }: Subject): Formula | undefined {
  return of === "value" ? valueFormula(batch, id) : gradientFormula(batch, id);
}

function valueFormula(batch: StudiedBatch, id: ValueId): Formula | undefined {
  const source = batch.find(id)?.source;
  if (source?.kind !== "operation" && source?.kind !== "layer") return undefined;
  const named = new Named(batch);
  for (const value of batch.network.values) {
    if (value.id === id) break;
    named.value(value.id);
  }
  const expression = expressionOf(batch.tensor(id), named.names, simplify);
  return { symbol: batch.symbols.of(id).symbol, expression, subjects: named.subjects };
}

function gradientFormula(batch: StudiedBatch, id: ValueId): Formula | undefined {
  const tensor = batch.gradients.get(id);
  if (!tensor) return undefined;
  const named = new Named(batch);
  for (const value of batch.network.values) named.value(value.id);
  for (const nearer of fromTheLoss(batch)) {
    if (nearer === id) break;
    named.gradient(nearer);
  }
  const known = expressionOf(tensor, named.names, simplify);
  const { shortcut } = batch.loss.onPaper ?? {};
  const isShort = shortcut?.input.index === batch.tensor(id).index && known.kind === "application";
  const short = isShort && expressionOf(shortcut.gradient, named.names, simplify);
  const { symbol } = batch.symbols.gradient(nameOf(batch, id));
  const expression = short && agree(short.value, known.value) ? short : known;
  return { symbol, expression, subjects: named.subjects };
}

/** Whether two formulas give the same up to what float32 makes of the numbers in them. */
function agree(a: NdArray, b: NdArray): boolean {
  const largest = b.data.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  return a.data.every((number, position) => Math.abs(number - b.data[position]!) <= roundedBy * largest);
}

const roundedBy = 1e-5; // Of the largest number: sums of some hundred in float32.

/** All ids in the order in which their gradients are computed: each value before what it is computed from. */
function fromTheLoss({ network }: StudiedBatch): readonly ValueId[] {
  const values = network.values.map(({ id }) => id).reverse();
  const declared = new Set(values);
  return [targetId, ...values, ...network.parameters.map(({ id }) => id).filter((id) => !declared.has(id))];
}

export function nameOf({ symbols }: StudiedBatch, id: ValueId) {
  return id === targetId ? symbols.target : symbols.of(id);
}

/** `∂L/∂h` or `h`. */
export function plainName(batch: StudiedBatch, { id, of }: Subject): string {
  const name = nameOf(batch, id);
  return of === "gradient" ? batch.symbols.gradient(name).plain : name.plain;
}

/** The usual letter for noise; no user's name is written like this. */
const random = String.raw`\xi`;

/** Names for nodes of the Graph: parameters, the target and random numbers from the beginning. */
class Named {
  readonly names: Names = new Map();
  readonly subjects = new Map<Expression, Subject>();

  constructor(private readonly batch: StudiedBatch) {
    const { network, built, loss } = batch;
    for (const { id } of network.parameters) this.value(id);
    if (loss.target) this.value(targetId);
    for (const [index, node] of built.graph.nodes.entries()) {
      if (node.kind === "op" && node.op.definition.random) {
        const tensor = { graph: built.graph, index, shape: node.shape };
        const numbers = new ArrayOnDemand(node.shape, () => batch.randomNumbers(tensor).data);
        this.names.set(index, quantity(random, numbers));
      }
    }
  }

  value(id: ValueId): void {
    const { batch } = this;
    const source = batch.find(id)?.source;
    const tensor = batch.tensor(id);
    const numbers = new ArrayOnDemand(tensor.shape, () => batch.value(id).data);
    const name =
      source?.kind === "constant" ? constant(source.data, "user") : quantity(nameOf(batch, id).symbol, numbers);
    this.add(tensor, name, { id, of: "value" });
  }

  gradient(id: ValueId): void {
    const { batch } = this;
    const tensor = batch.gradients.get(id);
    if (!tensor) return;
    const { symbol } = batch.symbols.gradient(nameOf(batch, id));
    const numbers = new ArrayOnDemand(tensor.shape, () => batch.gradient(id)!.data);
    this.add(tensor, quantity(symbol, numbers, { isFraction: true }), { id, of: "gradient" });
  }

  /** What has a name keeps it: a gradient that is passed on as it is has that of where it comes from. */
  private add({ index }: Tensor, name: Expression, subject: Subject): void {
    if (this.names.has(index)) return;
    this.names.set(index, name);
    this.subjects.set(name, subject);
  }
}

export interface WrittenElement {
  /** LaTeX lines: in names where that is short, with numbers, the result. */
  readonly latex: string;
  readonly terms: { readonly all: number; readonly written: number };
  /** From the numbers in the formula. */
  readonly result: number;
}

const widestLine = 56; // Characters: what fits the width of a hover at its usual size.
const longestSymbols = 40; // Symbols and numbers; longer formulas are stated by the catalog's rule.
const widestTerm = 40; // Of a term among others.
const widestOnly = 90; // Of the only one: a picture that is too wide is made smaller.
const mostTerms = 8; // Written; of more, the largest few and the sum of the others.
const largestTerms = 6;

export function writeElement({ symbol, expression }: Formula, position: number): WrittenElement {
  const { factor, terms } = termsOf({ expression, position });
  const result = factor * terms.reduce((sum, { number }) => sum + number, 0);
  const { shown, others } = chosen(terms);
  const room = terms.length === 1 ? widestOnly : widestTerm;
  const pieces = shown.map((term) => term.write(room));
  if (others.length > 0) pieces.push(restPiece(others));
  const whole = numberPiece(result);
  const left = elementOf(symbol, indicesAt(expression.value.shape, position));
  const lines = brokenLines(left, factor, pieces);
  const isItself = factor === 1 && pieces.length === 1 && pieces[0]!.latex === whole.latex;
  // What is exactly 0 is so whatever the digits left out are.
  const isExact = result === 0 || pieces.every(({ rounded, abbreviated }) => !rounded && !abbreviated);
  const isRounded = whole.rounded || !isExact;
  const equals = `${isRounded ? String.raw`\approx` : "="} ${whole.latex}`;
  if (!isItself && hasRoom(lines.at(-1)!, whole)) lines.push(`${lines.pop()} ${equals}`);
  else if (!isItself) lines.push(equals);
  const general = inGeneral(symbol, expression);
  return {
    latex: [...(general === undefined ? [] : [general]), ...lines].join("\n"),
    terms: { all: terms.length, written: shown.length },
    result,
  };
}

/** Whether the result still fits on the line. */
function hasRoom(line: string, result: Piece): boolean {
  return widthOf(line) + result.width + 3 <= widestLine;
}

/** What is given has its number. */
export function writeGiven(symbol: string, { expression, position }: Element): WrittenElement {
  const result = expression.value.data[position]!;
  const left = elementOf(symbol, indicesAt(expression.value.shape, position));
  return { latex: `${left} = ${numberPiece(result).latex}`, terms: { all: 1, written: 1 }, result };
}

/** All terms, or the largest in their order and the others. */
function chosen(terms: readonly Term[]): { readonly shown: readonly Term[]; readonly others: readonly Term[] } {
  if (terms.length <= mostTerms) return { shown: terms, others: [] };
  const bySize = [...terms].sort((a, b) => sizeOfTerm(b) - sizeOfTerm(a));
  const largest = new Set(bySize.slice(0, largestTerms));
  return { shown: terms.filter((term) => largest.has(term)), others: terms.filter((term) => !largest.has(term)) };
}

/** What is no number comes first. */
const sizeOfTerm = ({ number }: Term): number =>
  Number.isFinite(number) ? Math.abs(number) : Number.POSITIVE_INFINITY;

function restPiece(others: readonly Term[]): Piece {
  const sum = numberPiece(others.reduce((total, { number }) => total + number, 0));
  const words = others.length === 1 ? "1 more term" : `${others.length} more terms`;
  return {
    ...sum,
    latex: String.raw`\underbrace{${sum.latex}}_{\text{${words}}}`,
    binds: "atom",
    width: Math.max(sum.width, 9),
  };
}

/** `y_{0,3} = 0.5\,(a + b` and so on: a sum over as many lines as it takes. */
function brokenLines(left: string, factor: number, terms: readonly Piece[]): string[] {
  const isScaled = factor !== 1;
  const scale = numberPiece(factor);
  const begin = factor === -1 ? "-" : `${scale.latex} \\cdot `;
  if (terms.length === 1) {
    const [only] = terms as [Piece];
    const latex = isScaled ? `${begin}${bound(only, "product", false).latex}` : only.latex;
    return only.width > widestLine ? [`${left} =`, latex] : [`${left} = ${latex}`];
  }
  const lines: string[] = [];
  let line = isScaled ? `${left} = ${begin}\\bigl(` : `${left} =`;
  let width = 12;
  for (const [index, term] of terms.entries()) {
    const shown = bound(term, "sum", index === 0);
    if (width + shown.width > widestLine && index > 0) {
      lines.push(line);
      line = String.raw`\quad`;
      width = 2;
    }
    line += `${index === 0 ? "" : " +"} ${shown.latex}`;
    width += shown.width + 3;
  }
  lines.push(isScaled ? `${line} \\bigr)` : line);
  return lines;
}

function inGeneral(symbol: string, expression: Expression): string | undefined {
  if (lengthOf(expression, longestSymbols + 1) > longestSymbols) return undefined;
  const written = inSymbols(expression);
  if (written.width > widestLine) return undefined;
  return expression.kind === "constant" ? undefined : `${symbol} = ${written.latex}`;
}

/** `x_{0,3}`, `\left(\frac{\partial L}{\partial x}\right)_{0,3}`. */
function elementOf(symbol: string, indices: readonly number[]): string {
  if (indices.length === 0) return symbol;
  const isSingle = /^(?:[A-Za-z]|\\text\{[^{}]*\})$/.test(symbol);
  const base = isSingle ? symbol : String.raw`\left(${symbol}\right)`;
  return `${base}_{${indices.join(",")}}`;
}
