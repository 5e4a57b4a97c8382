// What the worker explained of a value or parameter, as Markdown: formula with numbers, result, causes, chain, commands.

import type { Explanation } from "../../../engine/protocol/explanation";
import { commandLink, type ExplainRequest, explainCommand, explanationText, type Link } from "../explanation-text";
import type { LiveSource } from "../hover";
import { escapeMarkdown } from "../markdown";
import { formulaPicture } from "../picture";

export interface ExplainedHover {
  readonly request: ExplainRequest;
  /** Undefined while the worker has not answered. */
  readonly explanation: Explanation | undefined;
  /** Why there is none, and will be none. */
  readonly problem?: string;
}

const staleInk = "#8a8a8a"; // Dimmed on dark and light backgrounds alike.

/** Nothing where nobody can be asked. */
export function explanationSection({ explained, pictures, stale }: LiveSource): string[] {
  if (!explained || !pictures) return [];
  const { explanation, problem, request } = explained;
  if (problem !== undefined) return [escapeMarkdown(problem)];
  const card = markdownLink({ text: "Explain beside the text", address: commandLink(explainCommand, request) });
  if (!explanation) return [`The numbers of its formula are being worked out: hover again, or ${card}.`];
  const { subject, number, place, causes, difference, from, to, actions } = explanationText(explanation, request.uri);
  const { picture, latex } = explanation;
  const chain = [
    ...(from.length > 0 ? [`computed from ${from.map(markdownLink).join(", ")}`] : []),
    ...(to.length > 0 ? [`goes into ${to.map(markdownLink).join(", ")}`] : []),
  ];
  return [
    formulaPicture(picture, latex, stale ? staleInk : pictures.ink),
    `**${escapeMarkdown(subject)} = ${number}** · ${escapeMarkdown(place)}`,
    ...causes.map(escapeMarkdown),
    ...(difference === undefined ? [] : [escapeMarkdown(difference)]),
    ...(chain.length > 0 ? [chain.join(" · ")] : []),
    [...actions.map(markdownLink), card].join(" · "),
  ];
}

function markdownLink({ text, address }: Link): string {
  return `[${escapeMarkdown(text)}](${address})`;
}
