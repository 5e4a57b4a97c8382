// Reads VS Code's text editor from the page: what a person sees, hints and decorations included.
import type { Page } from "playwright-core";

/** A word in a line of the editor, found by the text as it stands on the screen. */
export interface WordInLine {
  /** A piece of the line's text, enough to find the line. */
  line: string;
  /** The word in that line; its first occurrence. The start of `line`, when absent. */
  word?: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface ReadOptions {
  /** Also the text of decorations, which is in CSS (`::before`, `::after`) and not in the document. */
  decorations?: boolean;
}

/** The text editor of a file in the workspace; not the small editors inside of hovers and inputs. */
export const textEditor = ".part.editor .editor-instance .monaco-editor[data-uri]";

/** The visible lines from top to bottom, inlay hints included, with ordinary spaces. */
export async function readLines(page: Page, { decorations = false }: ReadOptions = {}): Promise<string[]> {
  return page.evaluate(
    ({ selector, decorations }) => {
      const pseudoText = (element: Element, pseudo: string) => {
        const content = getComputedStyle(element, pseudo).content;
        return /^".*"$/s.test(content) ? (JSON.parse(content.replaceAll("\n", "\\n")) as string) : "";
      };
      const textOf = (node: Node): string => {
        if (node instanceof Text) return node.data;
        const inner = [...node.childNodes].map(textOf).join("");
        // Decorations of extensions have class names that start with "ced-".
        if (!decorations || !(node instanceof Element) || !node.className.includes("ced-")) return inner;
        return pseudoText(node, "::before") + inner + pseudoText(node, "::after");
      };
      // VS Code reuses line elements: their order in the document is not their order on the screen.
      return [...document.querySelectorAll<HTMLElement>(`${selector} .view-lines > .view-line`)]
        .filter((line) => line.offsetParent !== null)
        .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
        .map((line) => textOf(line).replaceAll("\u00a0", " "));
    },
    { selector: textEditor, decorations },
  );
}

/** The middle of a word on the screen, or undefined while no visible line contains it. */
export async function pointOfWord(page: Page, { line, word }: WordInLine): Promise<Point | undefined> {
  return page.evaluate(
    ({ selector, line, word }) => {
      const plain = (text: string) => text.replaceAll("\u00a0", " ");
      const lines = [...document.querySelectorAll<HTMLElement>(`${selector} .view-lines > .view-line`)];
      const element = lines.find((each) => plain(each.textContent ?? "").includes(line));
      if (!element) return undefined;

      const texts: Text[] = [];
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      const positionAt = (offset: number): [Text, number] | undefined => {
        let left = offset;
        for (const text of texts) {
          if (left < text.length) return [text, left];
          left -= text.length;
        }
        return undefined;
      };

      const content = plain(element.textContent ?? "");
      const lineStart = content.indexOf(line);
      const start = content.indexOf(word, lineStart) >= 0 ? content.indexOf(word, lineStart) : content.indexOf(word);
      if (start < 0) return undefined;
      const first = positionAt(start);
      const last = positionAt(start + word.length - 1);
      if (!first || !last) return undefined;
      const range = document.createRange();
      range.setStart(...first);
      range.setEnd(last[0], last[1] + 1);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    { selector: textEditor, line, word: word ?? line.trim().split(/\s/)[0] ?? line },
  );
}
