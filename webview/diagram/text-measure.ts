// Measures text as the browser will draw it in a node.

import type { TextMeasure } from "./node-size";

export function measureText(): TextMeasure {
  const context = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(document.body);
  const sans = style.fontFamily || "sans-serif";
  const mono = style.getPropertyValue("--vscode-editor-font-family") || "monospace";
  const widthIn = (font: string) =>
    remembering((text) => {
      if (!context) return text.length * 8;
      context.font = font;
      return context.measureText(text).width + 1; // Text that fits exactly would still be cut by rounding.
    });
  return {
    bold: widthIn(`600 13px ${sans}`),
    regular: widthIn(`12px ${sans}`),
    small: widthIn(`11px ${sans}`),
    mono: widthIn(`12px ${mono}`),
  };
}

const mostRemembered = 5000;

/** The words of a network are few, and an edit changes hardly any of them. */
function remembering(measure: (text: string) => number): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === mostRemembered) known.clear();
    const width = measure(text);
    known.set(text, width);
    return width;
  };
}
