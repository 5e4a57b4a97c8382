// SVG → Markdown of a picture, as a data URI: what hovers can show. The text in it is ASCII.

import type { Typeset } from "../../engine/protocol/explanation";

/** What formulas are shown with; without it, as text. */
export interface Pictures {
  /** Of the entries of the catalog, by kind and name: `layer Dense`. */
  readonly formulas: ReadonlyMap<string, Typeset>;
  /** CSS color that reads on the theme's background. */
  readonly ink: string;
}

/** `description` is read where the picture is not seen. */
export function picture(svg: string, description: string): string {
  const words = description.replace(/\s+/g, " ").replace(/[\\[\]!`*_<>|~&$]/g, "\\$&");
  return `![${words}](data:image/svg+xml;base64,${base64(svg)})`;
}

export function formulaPicture({ svg }: Typeset, latex: string, ink: string): string {
  return picture(svg.replaceAll("currentColor", ink), latex);
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Of an ASCII text. This folder runs in the extension host and in tests alike, without Node's or the browser's own. */
function base64(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const bits = (text.charCodeAt(at) << 16) | ((text.charCodeAt(at + 1) || 0) << 8) | (text.charCodeAt(at + 2) || 0);
    const letters = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]);
    const missing = Math.max(0, at + 3 - text.length);
    parts.push(letters.slice(0, 4 - missing).join(""), "=".repeat(missing));
  }
  return parts.join("");
}
