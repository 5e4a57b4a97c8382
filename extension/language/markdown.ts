// Markdown from parts. Whatever a user wrote is escaped here, so that it reads as written.

/** Text as it is, whatever characters it has. Line breaks stay. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, "\\$&").replace(/\r\n?|\n/g, "  \n");
}

/** A code span, on one line. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/\|/g, "\\|");
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  if (longestRun === 0) return `\`${line}\``;
  const fence = "`".repeat(longestRun + 1);
  return `${fence} ${line} ${fence}`;
}

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? ":--" : "--:"))), ...rows.map(line)].join("\n");
}

export function codeBlock(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
