// Offsets ↔ lines and columns, as VS Code counts them: a line ends at LF, CRLF or a lone CR; columns are UTF-16 units.

/** Both count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class Positions {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let offset = 0; offset < text.length; offset++) {
      const unit = text.charCodeAt(offset);
      if (unit === carriageReturn && text.charCodeAt(offset + 1) === lineFeed) continue;
      if (unit === carriageReturn || unit === lineFeed) this.starts.push(offset + 1);
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineAt(inside);
    return { line, column: Math.min(inside, this.lineEnd(line)) - this.lineStart(line) };
  }

  offsetAt(position: Position): number {
    const line = Math.max(0, Math.min(position.line, this.lineCount - 1));
    return Math.min(this.lineStart(line) + Math.max(0, position.column), this.lineEnd(line));
  }

  /** Where the line's text starts; a byte-order mark does not count as text. */
  lineStart(line: number): number {
    const start = this.starts[line] ?? this.text.length;
    return start === 0 && this.text.charCodeAt(0) === byteOrderMark ? 1 : start;
  }

  /** Where the line's text ends, its line break left out. */
  lineEnd(line: number): number {
    const next = this.starts[line + 1];
    if (next === undefined) return this.text.length;
    const crlf = this.text.charCodeAt(next - 1) === lineFeed && this.text.charCodeAt(next - 2) === carriageReturn;
    return next - (crlf ? 2 : 1);
  }

  lineText(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineEnd(line));
  }

  private lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = 0xfeff;
