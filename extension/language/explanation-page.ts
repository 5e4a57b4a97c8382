// An explanation as HTML, for the card beside the text. No scripts: its links are commands, and the picture takes the color
// of the text around it.

import type { Explanation } from "../../engine/protocol/explanation";
import { explanationText, type Link } from "./explanation-text";

export type CardContent =
  | { readonly kind: "waiting"; readonly name: string }
  | { readonly kind: "refused"; readonly name: string; readonly message: string }
  | {
      readonly kind: "explained";
      readonly explanation: Explanation;
      /** Why it no longer holds, if it does not. */
      readonly outdated?: string;
      /** Works it out anew. */
      readonly renew?: Link;
    };

/** The body of the page. */
export function explanationPage(content: CardContent, uri: string): string {
  switch (content.kind) {
    case "waiting":
      return `<h1>${html(content.name)}</h1><p role="status">Its formula is being worked out…</p>`;
    case "refused":
      return `<h1>${html(content.name)}</h1><p role="alert">${html(content.message)}</p>`;
    case "explained":
      return explained(content, uri);
    default:
      return content satisfies never;
  }
}

function explained({ explanation, outdated, renew }: CardContent & { kind: "explained" }, uri: string): string {
  const { subject, number, place, causes, difference, from, to, actions } = explanationText(explanation, uri);
  const { picture, latex, training, epoch } = explanation;
  const formula = picture.svg.replace("<svg ", `<svg role="img" aria-label="${html(latex)}" `);
  return [
    outdated ? `<p class="outdated" role="status">${html(outdated)} ${renew ? link(renew) : ""}</p>` : "",
    `<main${outdated ? ' class="old"' : ""}>`,
    `<h1>${html(subject)} = ${html(number)}</h1>`,
    `<p class="place">${html(training)}: epoch ${epoch}, ${html(place)}</p>`,
    `<div class="formula" tabindex="0">${formula}</div>`,
    ...causes.map((cause) => `<p class="cause">${html(cause)}</p>`),
    difference === undefined ? "" : `<p class="difference">${html(difference)}</p>`,
    list("Computed from", from),
    list("Goes into", to),
    list("", actions),
    "</main>",
  ].join("\n");
}

function list(title: string, links: readonly Link[]): string {
  if (links.length === 0) return "";
  const items = links.map((each) => `<li>${link(each)}</li>`).join("");
  return `<nav${title === "" ? "" : ` aria-label="${title}"`}>${title === "" ? "" : `<h2>${title}</h2>`}<ul>${items}</ul></nav>`;
}

function link({ text, address }: Link): string {
  return `<a href="${html(address)}">${html(text)}</a>`;
}

export function html(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
