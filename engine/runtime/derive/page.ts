// A derivation → a Markdown page with LaTeX that VS Code's own preview renders (KaTeX).

import type { NdArray } from "../../protocol/array";
import type { ExpectationReport } from "../../protocol/snapshot";
import type { Derivation, DerivationStep, Given, Part } from "./derivation";
import type { Expression } from "./expression";
import { arrayPiece, isWrittenOut, normOf, numberPiece, type Piece, sizePiece, widthOf } from "./latex";
import { entry, inEntries, inNumbers, inSymbols } from "./write";

const widest = 55; // Characters of a formula: what a preview beside the text has room for.

export function page(derivation: Derivation): string {
  const { title, documentation, omitted, others } = derivation;
  const counter = { value: 0 };
  const blocks = [
    `# ${escaped(title)}`,
    ...documentation.map(escaped),
    summary(derivation),
    "## Given",
    ...given(derivation),
    ...model(derivation),
    ...derivation.parts.flatMap((part) => partBlocks(part, derivation, counter)),
    ...(omitted === undefined ? [] : [`> ${omitted}`]),
    ...(others.length === 0 ? [] : ["## Also expected", verdicts(others)]),
    "---",
    conclusion(derivation),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function summary({ network, batchSize, singleSample, parts }: Derivation): string {
  const rows = singleSample
    ? "one observation, a row"
    : `${batchSize} ${batchSize === 1 ? "observation" : "observations"}, one a row`;
  const words = { forward: "forward", loss: "loss", backward: "backward", update: "the optimizer's step" } as const;
  const kinds = [...new Set(parts.map(({ kind }) => kind))].filter((kind) => kind !== "loss" || hasLoss(parts));
  const list = kinds.map((kind) => words[kind]);
  const told = list.length > 1 ? `${list.slice(0, -1).join(", ")} and ${list.at(-1)}` : list.join("");
  return `The whole calculation of network **${escaped(network)}** on ${rows}: ${told}.`;
}

/** Inputs, parameters and targets side by side as far as they fit. */
function given({ given }: Derivation): readonly string[] {
  const titles: { readonly [R in Given["role"]]: string } = {
    input: "Input",
    parameter: "Parameters",
    constant: "Constants",
    target: "Target",
    upstream: "Upstream gradient",
  };
  return (["input", "parameter", "constant", "target", "upstream"] as const).flatMap((role) => {
    const items = given.filter((item) => item.role === role);
    if (items.length === 0) return [];
    const pieces = items.map(({ name, value }): Piece => {
      const array = arrayPiece(value);
      return {
        ...array,
        latex: `${name.symbol} = ${array.latex}${sizeNote(value)}`,
        width: array.width + widthOf(name.symbol) + 2,
      };
    });
    const label = items.length === 1 ? titles[role].replace(/s$/, "") : titles[role];
    return [
      `**${label}**`,
      ...sideBySide(pieces).map(display),
      verdicts(items.flatMap(({ expectations }) => expectations)),
    ];
  });
}

function sideBySide(pieces: readonly Piece[]): readonly string[] {
  const lines: { latex: string[]; width: number }[] = [];
  for (const { latex, width } of pieces) {
    const last = lines.at(-1);
    if (last && last.width + width + 4 <= widest) {
      last.latex.push(latex);
      last.width += width + 4;
    } else lines.push({ latex: [latex], width });
  }
  return lines.map(({ latex }) => latex.join(String.raw` \qquad `));
}

/** The network as formulas. */
function model({ parts, singleSample }: Derivation): readonly string[] {
  const steps = parts
    .filter(({ kind, updates }) => (kind === "forward" || kind === "loss") && updates === 0)
    .flatMap((part) => part.steps);
  const lines = steps.flatMap(({ target, formula }) =>
    formula ? [`${target.symbol} &= ${inSymbols(formula).latex}`] : [],
  );
  if (lines.length === 0) return [];
  const usesProduct = lines.some((line) => line.includes(String.raw`\odot`));
  const usesSum = lines.some((line) => line.includes(String.raw`\sum_{n}`));
  const notes = [
    ...(usesProduct ? [String.raw`$\odot$ multiplies element by element`] : []),
    ...(usesSum && !singleSample ? [String.raw`$\sum_n$ runs over the observations`] : []),
  ];
  return [
    steps.length === 1 ? "**Formula**" : "**Formulas**",
    aligned(lines),
    notes.length === 0 ? "" : `Here ${notes.join(", ")}.`,
  ];
}

function partBlocks(part: Part, derivation: Derivation, counter: { value: number }): readonly string[] {
  const { kind, updates, introduction, steps } = part;
  const again = updates === 0 ? "" : ` after ${updates === 1 ? "the update" : `update ${updates}`}`;
  const titles: { readonly [K in Part["kind"]]: string } = {
    forward: `Forward${again}`,
    loss: hasLoss(derivation.parts) ? `Loss${again}` : `What is differentiated${again}`,
    backward: `Backward${again}`,
    update:
      updates === 0 && !derivation.parts.some((other) => other.kind === "update" && other.updates > 0)
        ? "Optimizer step"
        : `Optimizer step ${updates + 1}`,
  };
  const lead =
    kind === "backward" && introduction === ""
      ? `From the ${hasLoss(derivation.parts) ? "loss" : "output"} back: each gradient is made of the ones above it.`
      : introduction;
  return [`## ${titles[kind]}`, lead, ...steps.flatMap((step) => stepBlocks(step, derivation, counter))];
}

/** Whether what is differentiated is a loss, and not just the output. */
function hasLoss(parts: readonly Part[]): boolean {
  return parts.some(({ steps }) => steps.some(({ kind, source }) => kind === "loss" && source !== ""));
}

function stepBlocks(step: DerivationStep, derivation: Derivation, counter: { value: number }): readonly string[] {
  counter.value++;
  return [
    `### ${counter.value}. ${heading(step)}`,
    remark(step, derivation),
    equation(step),
    shortcut(step),
    verdicts(step.expectations),
  ];
}

function heading({ kind, target, source }: DerivationStep): string {
  switch (kind) {
    case "value":
      return `\`${source}\``;
    case "loss":
      return source === "" ? target.plain : `\`${source}\``;
    case "gradient":
      return target.plain;
    case "memory":
      return `${target.plain} of ${source}`;
    case "update":
      return `${target.plain} is updated`;
    default:
      return kind satisfies never;
  }
}

function remark({ kind, rule, ruleName, source, formula }: DerivationStep, { output, batchSize }: Derivation): string {
  const through = kind === "gradient" && source !== "" ? `Back through \`${source}\`.` : "";
  const law = rule === "" ? "" : `${kind === "gradient" ? "Rule of" : ""} ${ruleName}: $${rule}$`.trim();
  const where = kind === "loss" && rule !== "" ? whereOf(rule, output.symbol, batchSize) : "";
  const missing = formula === undefined && rule === "" ? "Its formula is too long for a page." : "";
  return [through, `${law}${where}`, missing].filter((words) => words !== "").join(" ");
}

/** What the letters of a loss's rule are here. */
function whereOf(rule: string, output: string, batchSize: number): string {
  const letters = [
    ...(rule.includes(String.raw`\hat y`) ? [String.raw`$\hat y = ${output}$`] : []),
    ...(/N/.test(rule) ? [`$N = ${batchSize}$`] : []),
  ];
  return letters.length === 0 ? "" : `, with ${letters.join(", ")}`;
}

/** `H_1 = X W_1 = numbers = worked out = result`, one line each. */
function equation({ target, formula, result, kind, expression }: DerivationStep): string {
  const sign = kind === "update" || kind === "memory" ? String.raw`\leftarrow` : "=";
  const value = arrayPiece(result);
  const lines: string[] = [];
  const room = widest - widthOf(target.symbol) - 2;
  const seen = new Set<string>([value.latex]);
  const add = (piece: Piece | undefined, { mayRound = true } = {}): void => {
    if (!piece || seen.has(piece.latex) || (piece.abbreviated && mayRound)) return;
    const latex = folded(piece, room);
    lines.push(lines.length === 0 ? `${target.symbol} &${sign} ${latex}` : `&${relation(piece, mayRound)} ${latex}`);
    seen.add(piece.latex);
  };
  if (formula) {
    add(inSymbols(formula), { mayRound: false });
    for (const piece of numberLines(formula, room)) add(piece);
  }
  const size = sizeNote(result);
  const rounded = lines.length > 0 && value.rounded ? String.raw`\approx` : lines.length > 0 ? "=" : sign;
  lines.push(`${lines.length === 0 ? target.symbol : ""}&${rounded} ${value.latex}${size}`);
  const example = isWrittenOut(result.shape) || !formula ? "" : firstElement(target.symbol, expression, result);
  return [aligned(lines), example].filter((block) => block !== "").join("\n\n");
}

/** With matrices, then element by element where that says more. */
function numberLines(formula: Expression, room: number): readonly Piece[] {
  if (formula.kind !== "application") return [];
  const numbers = inNumbers(formula);
  const entries = inEntries(formula);
  const isProduct = formula.op.definition.name === "matmul";
  return [
    ...(numbers.width <= room * 3 ? [numbers] : []),
    ...(isProduct && entries && entries.width <= room ? [entries] : []),
  ];
}

function relation({ rounded }: Piece, mayRound: boolean): string {
  return rounded && mayRound ? String.raw`\approx` : "=";
}

/** Lines that are too wide are broken before operators that no matrix encloses. */
function folded({ latex, width }: Piece, room: number): string {
  if (width <= room) return latex;
  const lines: string[] = [];
  let line = "";
  for (const part of splitAtOperators(latex).flatMap((each) =>
    widthOf(each) > room - 5 ? splitBracket(each) : [each],
  )) {
    const indent = lines.length > 0 ? 5 : 0;
    if (line !== "" && indent + widthOf(line) + widthOf(part) > room) {
      lines.push(line);
      line = part;
    } else line += part;
  }
  return [...lines, line].map((each) => each.trim()).join(" \\\\[2pt]\n&\\qquad ");
}

/** Before each + − ⊙; where there is none outside of all parentheses, before those inside. */
function splitAtOperators(latex: string): readonly string[] {
  const found = operatorsOf(latex).filter(({ growing, enclosed }) => growing === 0 && !enclosed);
  const outermost = Math.min(...found.map(({ depth }) => depth));
  const cuts = found.filter(({ depth }) => depth === outermost).map(({ at }) => at);
  return [0, ...cuts].map((start, position) => latex.slice(start, cuts[position]));
}

/** Inside a bracket that grows: each part gets an invisible other half. */
function splitBracket(latex: string): readonly string[] {
  const cuts = operatorsOf(latex).filter(({ growing, enclosed, depth }) => growing === 1 && !enclosed && depth === 0);
  const middle = cuts.find(({ at }) => widthOf(latex.slice(0, at)) > widthOf(latex) / 3) ?? cuts.at(-1);
  if (!middle) return [latex];
  return [`${latex.slice(0, middle.at)} \\right.`, `\\left. ${latex.slice(middle.at)}`];
}

interface Operator {
  readonly at: number;
  /** How many plain parentheses are open. */
  readonly depth: number;
  /** How many growing ones. */
  readonly growing: number;
  /** Whether a matrix or a group is open. */
  readonly enclosed: boolean;
}

function operatorsOf(latex: string): readonly Operator[] {
  let [groups, growing, depth] = [0, 0, 0];
  const found: Operator[] = [];
  for (const { 0: token, index } of latex.matchAll(
    /\\begin|\\end|\\left[(|[.]|\\right[)|\].]|[{}()]|\\odot|\\oslash| [+-] /g,
  )) {
    if (token === "\\begin" || token === "{") groups++;
    else if (token === "\\end" || token === "}") groups--;
    else if (token.startsWith("\\left")) growing++;
    else if (token.startsWith("\\right")) growing--;
    else if (token === "(") depth++;
    else if (token === ")") depth--;
    // The braces of \begin{pmatrix} come in pairs and do not count.
    else found.push({ at: index, depth, growing, enclosed: groups > 0 });
  }
  return found;
}

/** What stands for all elements of a result that is too large: the first one, worked out. */
function firstElement(symbol: string, expression: Expression, result: NdArray): string {
  const worked = entry(expression, 0);
  const value = numberPiece(result.data[0]!);
  if (worked.latex === value.latex) return "";
  const symbolOfFirst = String.raw`\left(${symbol}\right)_{${result.shape.map(() => "1").join("")}}`;
  const room = widest - widthOf(symbolOfFirst) - 2;
  if (worked.width > 3 * room) return "";
  const relations = [worked, value].map(({ rounded }) => (rounded ? String.raw`\approx` : "="));
  const lines = [`${symbolOfFirst} &${relations[0]} ${folded(worked, room)}`, `&${relations[1]} ${value.latex}`];
  return `The first element:\n\n${aligned(lines)}`;
}

function shortcut({ target, shortcut, result }: DerivationStep): string {
  if (!shortcut) return "";
  const numbers = inNumbers(shortcut);
  const value = arrayPiece(result);
  const sign = value.rounded || numbers.rounded ? String.raw`\approx` : "=";
  const lines = [
    `${target.symbol} &= ${inSymbols(shortcut).latex}`,
    ...(numbers.abbreviated || numbers.width > widest ? [] : [`&${sign} ${numbers.latex}`]),
    `&${value.rounded ? String.raw`\approx` : "="} ${value.latex}${sizeNote(result)}`,
  ];
  return `Loss and activation together give the same in one step, and that is how it is computed:\n\n${aligned(lines)}`;
}

/** Shape and length of what is not written out. */
function sizeNote(value: NdArray): string {
  if (isWrittenOut(value.shape)) return "";
  return String.raw`_{\,${sizePiece(value.shape)}},\quad \lVert\cdot\rVert ${approximately(normOf(value))}`;
}

function approximately(value: number): string {
  const { latex, rounded } = numberPiece(value);
  return `${rounded ? String.raw`\approx` : "="} ${latex}`;
}

function verdicts(expectations: readonly ExpectationReport[]): string {
  return expectations
    .map(({ ok, text, difference, expected, actual }) => {
      if (ok) return `✓ \`expect ${text}\``;
      const numbers = expected.includes("[") ? ` Expected \`${expected}\`, computed \`${actual}\`.` : "";
      return `✗ **\`expect ${text}\`** ${escaped(difference)}.${numbers}`;
    })
    .join("  \n");
}

function conclusion({ expectations }: Derivation): string {
  const failed = expectations.filter(({ ok }) => !ok).length;
  const count = expectations.length;
  if (failed > 0) return `✗ ${failed} of ${count} expectations ${failed === 1 ? "does" : "do"} not hold.`;
  if (count === 1) return "✓ The expectation holds.";
  return count === 0 ? "" : `✓ All ${count} expectations hold.`;
}

function aligned(lines: readonly string[]): string {
  return `$$\n\\begin{aligned}\n${lines.join(" \\\\[8pt]\n")}\n\\end{aligned}\n$$`;
}

const display = (latex: string): string => `$$\n${latex}\n$$`;

const escaped = (words: string): string => words.replaceAll(/[\\`*_{}[\]<>#$]/g, "\\$&");
