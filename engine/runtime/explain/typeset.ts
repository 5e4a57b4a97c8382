// LaTeX → SVG, by MathJax, for places that show pictures and no formulas: VS Code's hovers. Its glyphs are paths, so that it
// looks alike everywhere. Loaded when the first formula is asked for; the catalog's are typeset when the product is built.

import { liteAdaptor } from "mathjax-full/js/adaptors/liteAdaptor.js";
import { RegisterHTMLHandler } from "mathjax-full/js/handlers/html.js";
import { TeX } from "mathjax-full/js/input/tex.js";
import "mathjax-full/js/input/tex/ams/AmsConfiguration.js";
import { mathjax } from "mathjax-full/js/mathjax.js";
import { SVG } from "mathjax-full/js/output/svg.js";
import type { Typeset } from "../../protocol/explanation";

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const document = mathjax.document("", {
  InputJax: new TeX({
    packages: ["base", "ams"],
    formatError: (_: unknown, error: Error) => {
      throw error;
    },
  }),
  OutputJax: new SVG({ fontCache: "local" }),
});

/** One picture of all lines, smaller when it were wider than so many pixels. Throws, saying what, when it is no LaTeX. */
export function typeset(latex: string, widest = Number.POSITIVE_INFINITY): Typeset {
  const lines = latex.split("\n");
  const source =
    lines.length === 1
      ? latex
      : String.raw`\begin{aligned} ${lines.map((line) => `& ${line}`).join(String.raw` \\[0.4em] `)} \end{aligned}`;
  const container = document.convert(source, { display: true, em: pixelsPerEm, ex: pixelsPerEx });
  const svg = adaptor.innerHTML(container);
  const sizeIn = (side: "width" | "height"): number => {
    const [, ex] = new RegExp(`${side}="([\\d.]+)ex"`).exec(svg) ?? [];
    if (ex === undefined) throw new Error(`MathJax gave no ${side} for ${latex}`);
    return Math.ceil(Number(ex) * pixelsPerEx);
  };
  const scale = Math.min(1, widest / sizeIn("width"));
  const [width, height] = [Math.ceil(scale * sizeIn("width")), Math.ceil(scale * sizeIn("height"))];
  return { svg: small(svg, width, height), width, height };
}

const pixelsPerEm = 15;
const pixelsPerEx = pixelsPerEm * 0.442; // x-height of the TeX font.

/** Without what only a page or an assistant reads, with short names, and its size in pixels: a picture has no font. */
function small(svg: string, width: number, height: number): string {
  const names = new Map<string, string>();
  const shortName = (id: string): string => {
    if (!names.has(id)) names.set(id, `g${names.size.toString(36)}`);
    return names.get(id)!;
  };
  return svg
    .replace(/ (?:data-[\w-]+|role|focusable|aria-hidden|style)="[^"]*"/g, "")
    .replace(/ id="([^"]+)"/g, (_, id: string) => ` id="${shortName(id)}"`)
    .replace(/ xlink:href="#([^"]+)"/g, (_, id: string) => ` href="#${shortName(id)}"`)
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .replace(/><\/(?:use|path|rect)>/g, "/>")
    .replace(/width="[^"]*" height="[^"]*"/, `width="${width}" height="${height}"`);
}
