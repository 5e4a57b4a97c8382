// The edits of one gesture while they are made, and how new text is laid out: with the file's own line ends and
// indentation, a stage on a line of its own where its neighbors are, comments where they were.

import type { TextEdit } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { BinaryOperator, PipelineExpression, Statement } from "../ast";
import type { Body } from "./body";

/** Where the new text of an edit says what a gesture adds, in the edited text. */
export type Addition =
  /** All calls in a stretch of text. */
  | { readonly kind: "stages"; readonly range: Range }
  /** The call that begins there. */
  | { readonly kind: "call"; readonly callee: string; readonly start: number }
  /** The operation whose sign is there. */
  | { readonly kind: "operator"; readonly operator: BinaryOperator; readonly at: number };

/** What an edit adds, with places counted from the start of its new text. */
type Mark = Addition;

interface DraftedEdit extends TextEdit {
  readonly mark?: Mark;
  readonly turn: number;
}

export class Draft {
  private readonly drafted: DraftedEdit[] = [];
  readonly lineEnd: string;

  constructor(private readonly text: string) {
    this.lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** Of several insertions at one place the first made stands first. */
  replace(range: Range, newText: string, mark?: Mark): void {
    if (this.text.slice(range.start, range.end) === newText) return;
    this.drafted.push({ range, newText, turn: this.drafted.length, ...(mark ? { mark } : {}) });
  }

  insert(at: number, newText: string, mark?: Mark): void {
    this.replace({ start: at, end: at }, newText, mark);
  }

  /** Ordered by place. */
  get edits(): TextEdit[] {
    return this.ordered().map(({ range, newText }) => ({ range, newText }));
  }

  get additions(): Addition[] {
    let growth = 0;
    const found: Addition[] = [];
    for (const { range, newText, mark } of this.ordered()) {
      if (mark) found.push(moved(mark, range.start + growth));
      growth += newText.length - (range.end - range.start);
    }
    return found;
  }

  // Layout.

  /** Puts stages behind what stands in front of a stage: on a line of its own if the neighbors are. */
  insertStages(body: Body, pipeline: PipelineExpression, before: number, stages: string): void {
    const lead = this.leadOf(pipeline, before);
    const end = body.pieceEnd(pipeline, before);
    const at = lead === " " ? end : this.behindComment(end);
    this.insert(at, lead + stages, { kind: "stages", range: { start: lead.length, end: lead.length + stages.length } });
  }

  /** What stands in front of a stage's arrow: a space, or a line end and its indentation. */
  leadOf({ stages }: PipelineExpression, index: number): string {
    const like = stages[index] ?? stages.at(-1);
    return (like && this.lineStart(like.range.start)) ?? " ";
  }

  /** A new line in front of a statement or declaration and the comment that documents it. */
  insertLineBefore(statement: { readonly range: Range }, newText: string, mark?: Mark): void {
    const { start } = statement.range;
    const indent = this.indentOf(start);
    if (!this.isFirstOnLine(start)) {
      this.insert(start, `${newText}${this.lineEnd}${indent}`, mark);
      return;
    }
    let at = start - indent.length;
    for (;;) {
      const above = /(?:^|\r\n|\r|\n)([ \t]*#[^\r\n]*(?:\r\n|\r|\n))$/.exec(this.text.slice(0, at));
      if (!above) break;
      at -= above[1]!.length;
    }
    this.insert(at, `${indent}${newText}${this.lineEnd}`, mark && moved(mark, indent.length));
  }

  /** A new line behind a statement and the comment at its end. */
  insertStatementAfter(statement: Statement, newText: string, mark?: Mark): void {
    const lead = this.lineEnd + this.indentOf(statement.range.start);
    this.insert(this.behindComment(statement.range.end), lead + newText, mark && moved(mark, lead.length));
  }

  /** Takes a statement or an entry out, with its line if nothing else is in it. */
  removeStatement({ range }: { readonly range: Range }): void {
    const before = /(^|\r\n|\r|\n)[ \t]*$/.exec(this.text.slice(0, range.start));
    const after = /^[ \t]*(\r\n|\r|\n|$)/.exec(this.text.slice(range.end));
    if (before && after) {
      const indent = before[0].length - before[1]!.length;
      this.replace({ start: range.start - indent, end: range.end + after[0].length }, "");
    } else {
      const spaces = /^[ \t]*/.exec(this.text.slice(range.end))![0].length;
      const isLast = /^[ \t]*#/.test(this.text.slice(range.end));
      this.replace({ start: range.start, end: range.end + (isLast ? 0 : spaces) }, "");
    }
  }

  /** Takes a stage out, with its line if nothing else is in it. */
  removeStage({ start, end }: Range): void {
    const before = /\s*$/.exec(this.text.slice(0, start))![0].length;
    if (this.lineStart(start) === undefined) {
      this.replace({ start: start - before, end }, "");
      return;
    }
    const rest = /^[ \t]*/.exec(this.text.slice(end))![0].length;
    const next = this.text[end + rest];
    const lineEnds = next === undefined || next === "\r" || next === "\n";
    if (lineEnds) {
      const lead = this.lineStart(start)!.length;
      this.replace({ start: start - lead, end }, "");
    } else this.replace({ start, end: end + rest }, "");
  }

  /** White space that the line of an offset begins with. */
  indentOf(offset: number): string {
    const line = /(?:^|[\r\n])([^\r\n]*)$/.exec(this.text.slice(0, offset))![1]!;
    const indent = /^[ \t]*/.exec(line)![0];
    return this.isFirstOnLine(offset) ? indent : `${indent}  `;
  }

  private isFirstOnLine(offset: number): boolean {
    return /(?:^\uFEFF?|[\r\n])[ \t]*$/.test(this.text.slice(0, offset));
  }

  /** The line end and white space in front of what is first on its line. */
  lineStart(offset: number): string | undefined {
    return /(\r\n|\r|\n)[ \t]*$/.exec(this.text.slice(0, offset))?.[0];
  }

  /** The end of the line, if only a comment stands there. */
  behindComment(offset: number): number {
    return offset + (/^[ \t]*#[^\r\n]*/.exec(this.text.slice(offset))?.[0].length ?? 0);
  }

  private ordered(): DraftedEdit[] {
    return [...this.drafted].sort(
      (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || a.turn - b.turn,
    );
  }
}

/** The same in a text that it stands further behind in. */
export function moved(mark: Addition, by: number): Addition {
  switch (mark.kind) {
    case "stages":
      return { kind: "stages", range: { start: mark.range.start + by, end: mark.range.end + by } };
    case "call":
      return { ...mark, start: mark.start + by };
    case "operator":
      return { ...mark, at: mark.at + by };
    default:
      return mark satisfies never;
  }
}
