// Pieces of LaTeX that know how tightly they bind and how wide they are: names, numbers, matrices and filled-in notations.
// Only what KaTeX knows.

import type { Binding } from "../../model/op";
import type { NdArray, Shape } from "../../protocol/array";

export interface Piece {
  readonly latex: string;
  readonly binds: Binding;
  /** About how many characters wide it is on the page. */
  readonly width: number;
  /** Whether digits are left out: then what it equals is only nearly so. */
  readonly rounded: boolean;
  /** Whether elements are left out. */
  readonly abbreviated: boolean;
  /** It has brackets of its own. */
  readonly bracketed: boolean;
}

const tightness: { readonly [B in Binding]: number } = { sum: 0, product: 1, power: 2, atom: 3 };

export function piece(latex: string, binds: Binding, parts: readonly Piece[] = []): Piece {
  return {
    latex,
    binds,
    width: widthOf(latex),
    rounded: parts.some(({ rounded }) => rounded),
    abbreviated: parts.some(({ abbreviated }) => abbreviated),
    bracketed: false,
  };
}

/** Puts pieces into a notation: `#a \cdot #b`, `\max(0, #x)`. */
export function fill(
  template: string,
  binds: Binding,
  operands: Readonly<Record<string, Piece>>,
  needs: Readonly<Record<string, Binding | undefined>> = {},
): Piece {
  const used: Piece[] = [];
  const latex = template.replace(
    /\(#(\w+)\)|#(\w+)/g,
    (_, enclosed: string | undefined, bare: string | undefined, at: number) => {
      const operand = operands[(enclosed ?? bare)!]!;
      used.push(operand);
      if (enclosed) return operand.bracketed ? ` ${operand.latex}` : parenthesized(operand).latex;
      // A fraction and a superscript enclose what is in them.
      const needed = /(\^|frac|\})\{$/.test(template.slice(0, at)) ? undefined : needs[bare!];
      const placed = needed === undefined ? operand : bound(operand, needed, at === 0);
      return placed.latex;
    },
  );
  return piece(latex, binds, used);
}

/** In parentheses when it binds too loosely, or begins with a minus after something else. */
export function bound(operand: Piece, needed: Binding, isFirst: boolean): Piece {
  const loose = tightness[operand.binds] < tightness[needed];
  return loose || (!isFirst && operand.latex.startsWith("-")) ? parenthesized(operand) : operand;
}

export function parenthesized(operand: Piece): Piece {
  const isTall = /\\(begin|t?frac|sum|left)/.test(operand.latex);
  const latex = isTall ? String.raw`\left(${operand.latex}\right)` : `(${operand.latex})`;
  return { ...operand, latex, binds: "atom", width: operand.width + 2 };
}

export function joined(terms: readonly Piece[], sign: string, binds: Binding): Piece {
  const latex = terms.map((term, position) => bound(term, binds, position === 0).latex).join(` ${sign} `);
  return piece(latex, terms.length === 1 ? terms[0]!.binds : binds, terms);
}

const mostDigits = 6; // Significant, of a number that is shown as it is.
const roundedDigits = 5; // Of one that is not.
const longestInteger = 1e7;

/** A number, exact where that is short. */
export function numberPiece(value: number): Piece {
  if (Number.isNaN(value)) return piece(String.raw`\text{NaN}`, "atom");
  if (!Number.isFinite(value)) return piece(value > 0 ? String.raw`\infty` : String.raw`-\infty`, "product");
  const short = Number(value.toPrecision(mostDigits));
  const isShortInteger = Number.isInteger(value) && Math.abs(value) < longestInteger;
  const isExact = isShortInteger || Math.abs(short - value) <= 1e-12 * Math.abs(value);
  const shown = (isShortInteger ? value : isExact ? short : Number(value.toPrecision(roundedDigits))) + 0;
  const [mantissa, exponent] = String(shown).split("e");
  const isLong = exponent === undefined && Math.abs(shown) >= longestInteger;
  const [front, power] = isLong ? shown.toExponential().split("e") : [mantissa!, exponent];
  const latex = power === undefined ? front! : String.raw`${front} \cdot 10^{${Number(power)}}`;
  const binds: Binding = shown < 0 || power !== undefined ? "product" : "atom";
  return { ...piece(latex, binds), rounded: !isExact };
}

/** A number of a definition: ½ reads better than 0.5, 1/3 better than 0.33333. */
export function fractionPiece(value: number, { always }: { always: boolean }): Piece {
  for (const denominator of always ? Array.from({ length: 1000 }, (_, index) => index + 2) : [2, 3, 4]) {
    const numerator = Math.round(value * denominator);
    if (numerator === 0 || Math.abs(numerator) > 1000 || Number.isInteger(value)) continue;
    if (Math.abs(numerator / denominator - value) <= 1e-14 * Math.abs(value)) {
      const fraction = String.raw`\tfrac{${Math.abs(numerator)}}{${denominator}}`;
      return piece(numerator < 0 ? `-${fraction}` : fraction, numerator < 0 ? "product" : "atom");
    }
  }
  return numberPiece(value);
}

const longest = 6; // Rows and columns of a matrix that is written out.
const kept = 3; // Rows and columns before the dots of one that is not.

/** All elements up to 6 × 6, the corners of what is larger; a leading 1 of three dimensions and more is left out. */
export function arrayPiece(
  { shape, data }: NdArray,
  element: (position: number) => Piece = (at) => numberPiece(clean(data, at)),
): Piece {
  const [rows, columns] = matrixShape(shape) ?? [];
  if (rows === undefined || columns === undefined) return higherPiece({ shape, data });
  if (rows * columns === 1) return element(0);
  return matrixPiece(rows, columns, element);
}

/** How it is seen as a matrix; undefined for more than two dimensions. A vector is a row. */
export function matrixShape(shape: Shape): readonly [rows: number, columns: number] | undefined {
  let [...sizes] = shape;
  while (sizes.length > 2 && sizes[0] === 1) sizes = sizes.slice(1);
  if (sizes.length > 2) return undefined;
  return sizes.length === 2 ? [sizes[0]!, sizes[1]!] : [1, sizes[0] ?? 1];
}

export function isWrittenOut(shape: Shape): boolean {
  const [rows, columns] = matrixShape(shape) ?? [];
  return rows !== undefined && columns !== undefined && rows <= longest && columns <= longest;
}

function matrixPiece(rows: number, columns: number, element: (position: number) => Piece): Piece {
  const shownRows = shownOf(rows);
  const shownColumns = shownOf(columns);
  const isWhole = shownRows.length === rows && shownColumns.length === columns;
  const elements = shownRows.map((row) =>
    shownColumns.map((column) => (row === "dots" || column === "dots" ? undefined : element(row * columns + column))),
  );
  const lines = elements.map((line, row) =>
    line
      .map((cell, column) => {
        if (cell) return cell.latex;
        if (shownRows[row] !== "dots") return String.raw`\cdots`;
        return shownColumns[column] === "dots" ? String.raw`\ddots` : String.raw`\vdots`;
      })
      .join(" & "),
  );
  const cells = elements.flat().filter((cell) => cell !== undefined);
  const latex = String.raw`\begin{pmatrix} ${lines.join(String.raw` \\ `)} \end{pmatrix}`;
  return {
    ...piece(latex, "atom", cells),
    abbreviated: !isWhole || cells.some(({ abbreviated }) => abbreviated),
    bracketed: true,
  };
}

function shownOf(size: number): readonly (number | "dots")[] {
  if (size <= longest) return [...new Array<undefined>(size).keys()];
  return [...new Array<undefined>(kept).keys(), "dots", size - 1];
}

/** Three dimensions and more: the first matrix stands for all. */
function higherPiece({ shape, data }: NdArray): Piece {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const first = matrixPiece(rows, columns, (position) => numberPiece(clean(data, position)));
  const latex = String.raw`\left[ ${first.latex},\ \cdots \right]`;
  return { ...piece(latex, "atom", [first]), abbreviated: true, bracketed: true };
}

/** `3 \times 4`; the size is stated where elements are left out. */
export function sizePiece(shape: Shape): string {
  return shape.join(String.raw` \times `);
}

/** The number at a position; what is left of a cancellation of much larger ones is 0. */
function clean(data: Float64Array, position: number): number {
  const value = data[position]!;
  if (value === 0 || Math.abs(value) > 1e-14) return value;
  const largest = data.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return Math.abs(value) < 1e-15 * largest ? 0 : value;
}

export function normOf({ data }: NdArray): number {
  return Math.hypot(...(data.length <= 1e4 ? data : [Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))]));
}

/** `H1` → `H_1`, `logits` → `\text{logits}`, `x_12` → `x_{12}`. */
export function identifier(name: string): string {
  const [, stem, , index] = /^(.*?)(_?)(\d+)$/u.exec(name) ?? [];
  if (stem !== undefined && index !== undefined && stem !== "") {
    return `${identifier(stem)}_${index.length === 1 ? index : `{${index}}`}`;
  }
  const [, letter, subscript] = /^([A-Za-z])_([A-Za-z0-9]+)$/.exec(name) ?? [];
  if (letter !== undefined && subscript !== undefined) {
    return `${letter}_${subscript.length === 1 ? subscript : String.raw`{\text{${subscript}}}`}`;
  }
  return /^[A-Za-z]$/.test(name) ? name : text(name);
}

export function text(words: string): string {
  return String.raw`\text{${words.replaceAll(/[\\{}$&#%_^~]/g, (character) => escapes[character] ?? `\\${character}`)}}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\\": String.raw`\textbackslash{}`,
  "^": String.raw`\textasciicircum{}`,
  "~": String.raw`\textasciitilde{}`,
};

/** About how many digits a formula is wide, as KaTeX sets it: a matrix counts its widest cells, a fraction its wider half. */
export function widthOf(latex: string): number {
  const box = (width: number): string => "x".repeat(Math.ceil(width));
  const plain = latex
    .replaceAll(/\\(?:left|right|displaystyle)\b|\\[,!]/g, "")
    .replaceAll(/\\(?:log|max|min|tanh|sum)\b|\\[;:]/g, "xxx")
    .replaceAll(/\\(?:text|operatorname)\{([^{}]*)\}/g, (_, words: string) => box(words.length))
    .replaceAll(/\s*\\(?:odot|oslash|leftarrow|cdot)\b\s*| [+-] /g, "xx")
    .replaceAll(/\\begin\{cases\}.*?\\end\{cases\}/gs, (cases) =>
      box(Math.max(...cases.split("\\\\").map((row) => row.length)) - 20),
    );
  let folded = plain;
  for (let before = ""; before !== folded; ) {
    before = folded;
    folded = folded
      .replaceAll(/\\begin\{pmatrix\}((?:(?!\\begin).)*?)\\end\{pmatrix\}/gs, (_, cells: string) =>
        box(matrixWidth(cells)),
      )
      .replaceAll(/[\^_]\{([^{}]*)\}/g, (_, raised: string) => box(0.7 * lengthOf(raised)))
      .replaceAll(/\\t?frac\{([^{}]*)\}\{([^{}]*)\}/g, (_, above: string, below: string) =>
        box(Math.max(lengthOf(above), lengthOf(below))),
      )
      .replaceAll(/\\sqrt\{([^{}]*)\}/g, (_, root: string) => box(lengthOf(root) + 1));
  }
  return lengthOf(folded);
}

const lengthOf = (latex: string): number =>
  latex
    .replaceAll(/\\[A-Za-z]+/g, "x")
    .replaceAll(/[{}^_&\\]/g, "")
    .replaceAll(/\s+/g, "").length;

function matrixWidth(cells: string): number {
  const rows = cells.split(String.raw`\\`).map((row) => row.split("&").map(lengthOf));
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column] ?? 0)));
  const brackets = rows.length > 2 ? 2 : 0.5; // They grow wider as they grow taller.
  return widths.reduce((sum, width) => sum + width + 2.2, brackets);
}
