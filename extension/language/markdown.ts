// Markdown from parts. Whatever a user wrote is escaped here, so that it reads as written.

/** Text as it is, whatever characters it has. Line breaks stay. */
export function escapeMarkdown(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/[\\`*_[\]<>|~&$]/g, "\\$&").replace(/^(\s*)([#+=-]|\d+[.)])/, beginningOfLine))
    .join("  \n");
}

/** What begins a heading, a list or a rule there. */
function beginningOfLine(_: string, space: string, mark: string): string {
  return `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`;
}

/** A code span, on one line. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/\|/g, "\\|");
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  if (longestRun === 0) return `\`${line}\``;
  const fence = "`".repeat(longestRun + 1);
  return `${fence} ${line} ${fence}`;
}

/**
 * Cells are Markdown already. The first column and those of text are aligned left, numbers right. VS Code's hovers give
 * cells no room at their sides: `gap` holds columns apart there, and is empty for a page.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers, gap = hardSpaces }: { readonly numbers: boolean; readonly gap?: string },
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const apart = (cells: readonly string[]): string =>
    line(cells.map((cell, column) => (column > 0 && cell !== "" ? `${gap}${cell}` : cell)));
  const sides = head.map((_, column) => (numbers && column > 0 ? "--:" : ":--"));
  return [apart(head), line(sides), ...rows.map(apart)].join("\n");
}

const hardSpaces = "&nbsp;&nbsp;&nbsp;";

export function codeBlock(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
