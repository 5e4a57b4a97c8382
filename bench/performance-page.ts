// The part of docs/performance.md that the benchmark writes, between two marks; the rest is written by people.

const begin = "<!-- Written by npm run bench: begin -->";
const end = "<!-- Written by npm run bench: end -->";

/** The page with what stands between the marks replaced. Throws when the marks are gone. */
export function withFigures(page: string, figures: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the figures: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n\n${page.slice(to)}`;
}
