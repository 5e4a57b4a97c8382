// Files that are moved or renamed → the edits after which every path written in a text leads to the same file as before.

import { fileLinks } from "./links";
import { type Project, resolvePath } from "./navigation/project";
import type { FileEdit } from "./rename";

/** Of a file, or of a folder with all that is in it. Absolute paths, with slashes. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** In the files where they are before the moves. */
export function followMoves({ files }: Project, moves: readonly Move[]): FileEdit[] {
  return files.flatMap(({ path, tree }) => {
    const place = moved(path, moves);
    return fileLinks(tree).flatMap(({ path: written, range }): FileEdit[] => {
      const target = moved(resolvePath(path, written), moves);
      if (resolvePath(place, written) === target) return [];
      const newText = isAbsolute(written) ? target : relativePath(place, target);
      return [{ path, range, newText: newText.replace(/["\\]/g, "\\$&") }];
    });
  });
}

function moved(path: string, moves: readonly Move[]): string {
  const move = moves.find(({ from }) => path === from || path.startsWith(`${from}/`));
  return move === undefined ? path : move.to + path.slice(move.from.length);
}

function isAbsolute(written: string): boolean {
  return /^([/\\]|[a-z]:)/i.test(written);
}

/** How the file `from` writes the path `to`. */
function relativePath(from: string, to: string): string {
  const folder = from.split("/").slice(0, -1);
  const parts = to.split("/");
  const differing = parts.findIndex((part, index) => part !== folder[index]);
  // Nothing leads from one drive of Windows to another.
  if (differing <= 1 && /^[a-z]:$/i.test(parts[1] ?? "")) return parts.slice(1).join("/");
  return [...folder.slice(differing).map(() => ".."), ...parts.slice(differing)].join("/");
}
