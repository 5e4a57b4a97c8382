// The problems of a text, of which only so many are kept: nobody reads the thousandth, and noise would give millions.

import type { Range } from "../../../engine/protocol/text";
import type { SyntaxProblem } from "../ast";

const maximumProblems = 100;

export class ProblemList {
  private readonly kept: SyntaxProblem[] = [];
  private dropped = 0;

  add(message: string, range: Range): void {
    if (this.kept.length < maximumProblems) this.kept.push({ message, range });
    else this.dropped += 1;
  }

  /** By their places in the text. The last one says how many more there are. */
  inOrder(): SyntaxProblem[] {
    const problems = this.kept.toSorted((a, b) => a.range.start - b.range.start);
    const last = problems[problems.length - 1];
    if (this.dropped > 0 && last) {
      problems.push({ message: `And ${this.dropped} more problems like these.`, range: last.range });
    }
    return problems;
  }
}
