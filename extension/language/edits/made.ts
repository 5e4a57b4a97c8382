// A draft → a result: the edited text is read again, and what it means is compared with what the gesture asks for.

import type { Diagnostic, TextEdit } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { Environment } from "../analyze";
import type { SourceFile } from "../ast";
import { lower } from "../lower";
import { parse } from "../parser";
import { Positions } from "../positions";
import { withEdits } from "../rename";
import type { Draft } from "./draft";
import { type Change, type Correspondence, correspondence, makesCircle } from "./meaning";
import { refuse } from "./refusal";
import type { EditSource, Scene } from "./scene";

/** What a gesture writes, and what that should mean. */
export interface Intended {
  readonly draft: Draft;
  /** In words: `ReLU after h1`. */
  readonly what: string;
  /** Undefined when the number of values may change with a number in the text. */
  readonly change: Change | undefined;
  /** Names that may go to another value, or to none. */
  readonly mayLoseName?: readonly string[];
  /** The layer or function whose arguments change. */
  readonly relabeled?: string;
}

export interface Made {
  /** Ordered by place, none touching another's text. */
  readonly edits: readonly TextEdit[];
  readonly after: EditSource;
  readonly what: string;
  /** What has become of each value; undefined when that is not followed. */
  readonly became: Correspondence | undefined;
  /** Where the new text begins and ends, in the edited text. */
  readonly select: Range | undefined;
}

export function made({ source: before, network }: Scene, intended: Intended, environment: Environment): Made {
  const { draft, what, change } = intended;
  const { edits } = draft;
  if (change && makesCircle(network, change)) {
    refuse(`${what} cannot be done: a value would be computed from itself. Choose one that does not depend on it.`);
  }
  if (edits.some(({ range }, index) => index > 0 && range.start < edits[index - 1]!.range.end)) {
    refuse(`${what} cannot be written in one go where the text is nested like this: give its parts names first.`);
  }
  const text = withEdits(before.text, edits);
  const file = parse(text);
  if (file.problems.length > before.file.problems.length) {
    const known = new Set(before.file.problems.map(({ message }) => message));
    const problem = file.problems.find(({ message }) => !known.has(message)) ?? file.problems[0]!;
    refuse(`${what} cannot be written here: ${problem.message}`);
  }
  if (!sameComments(before.file, file)) {
    refuse(`${what} would take out a comment that stands inside of what it changes: move that comment first.`);
  }
  const after: EditSource = { text, file, ...lower(file, text, environment) };
  const errors = newErrors(before, after);
  const reason = errors.find(({ code }) => !misfits.has(code));
  if (reason) refuse(`${what} cannot be done: ${inWords(reason, after)}`);
  const became =
    change === undefined
      ? undefined
      : (correspondence({
          before: before.module,
          after: after.module,
          change,
          additions: draft.additions,
          blocksMisfit: after.diagnostics.some(({ code }) => code === "block-input-shape"),
          mayLoseName: new Set(intended.mayLoseName),
          ...(intended.relabeled === undefined ? {} : { relabeled: intended.relabeled }),
          ...(before.module.networks.includes(network) ? {} : { shownBlock: network.name }),
        }) ??
        refuse(
          `${what} would change the meaning of other values, which the text ties to this one: change it in the text.`,
        ));
  return { edits, what, after, became, select: changedRange(edits) };
}

/** What would not fit in the text after one gesture or several, in words. */
export function misfitsOf(before: EditSource, { after, what }: Made): string[] {
  return newErrors(before, after).map((error) => `${what} would not fit: ${inWords(error, after)}`);
}

function inWords({ message, range }: Diagnostic, { text }: EditSource): string {
  return `${message} (line ${new Positions(text).positionAt(range.start).line + 1}).`;
}

/** Errors that say that sizes do not go together: the text then still says what the gesture meant. */
const misfits: ReadonlySet<string> = new Set([
  "shape",
  "block-input-shape",
  "data-shape",
  "loss-shape",
  "loss-not-single",
  "class-count",
  "shared-weights",
  "parameter-shape",
  "input-shape",
  "target-shape",
  "upstream-shape",
  "given-shape",
  "expect-shape",
  "jacobian-of",
]);

function newErrors(before: EditSource, after: EditSource): Diagnostic[] {
  const known = new Map<string, number>();
  const keyOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;
  for (const diagnostic of before.diagnostics) known.set(keyOf(diagnostic), (known.get(keyOf(diagnostic)) ?? 0) + 1);
  return after.diagnostics.filter((diagnostic) => {
    if (diagnostic.severity !== "error") return false;
    const count = known.get(keyOf(diagnostic)) ?? 0;
    known.set(keyOf(diagnostic), count - 1);
    return count <= 0;
  });
}

/** All comments are still there; those of a moved stretch may stand in another order. */
function sameComments(before: SourceFile, after: SourceFile): boolean {
  if (before.comments.length !== after.comments.length) return false;
  const [one, other] = [before, after].map(({ comments }) => comments.map(({ text }) => text).sort());
  return one!.every((comment, index) => comment === other![index]);
}

function changedRange(edits: readonly TextEdit[]): Range | undefined {
  const longest = edits.reduce<TextEdit | undefined>(
    (best, edit) => (edit.newText.length > (best?.newText.length ?? 0) ? edit : best),
    undefined,
  );
  if (longest === undefined) return undefined;
  let growth = 0;
  for (const edit of edits) {
    if (edit === longest) break;
    growth += edit.newText.length - (edit.range.end - edit.range.start);
  }
  const lead = /^\s*/.exec(longest.newText)![0].length;
  const start = longest.range.start + growth;
  return { start: start + lead, end: start + longest.newText.trimEnd().length };
}
