// Edits of a text, then edits of the edited text → edits of the text that do both.

import type { TextEdit } from "../../../engine/protocol/diagnostic";

/** All lists are ordered by place, without overlaps; `text` is the one before both. */
export function composed(text: string, first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] {
  // The edited text as pieces of the first one and new ones, which the second edits cut.
  const pieces = cut(piecesOf(text.length, first), second);
  const edits: TextEdit[] = [];
  let end = 0;
  let newText = "";
  for (const piece of [...pieces, { kind: "kept", start: text.length, end: text.length } as const]) {
    if (piece.kind === "new") {
      newText += piece.text;
      continue;
    }
    if (piece.start > end || newText !== "") {
      if (text.slice(end, piece.start) !== newText) edits.push({ range: { start: end, end: piece.start }, newText });
    }
    newText = "";
    end = piece.end;
  }
  return edits;
}

/** What undoes the edits of a text, as edits of the edited one. */
export function inverse(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let growth = 0;
  return edits.map(({ range, newText }) => {
    const start = range.start + growth;
    growth += newText.length - (range.end - range.start);
    return { range: { start, end: start + newText.length }, newText: text.slice(range.start, range.end) };
  });
}

type Piece =
  | { readonly kind: "kept"; readonly start: number; readonly end: number }
  | { readonly kind: "new"; readonly text: string };

function piecesOf(length: number, edits: readonly TextEdit[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { range, newText } of edits) {
    if (range.start > end) pieces.push({ kind: "kept", start: end, end: range.start });
    pieces.push({ kind: "new", text: newText });
    end = range.end;
  }
  if (length > end) pieces.push({ kind: "kept", start: end, end: length });
  return pieces;
}

function cut(pieces: readonly Piece[], edits: readonly TextEdit[]): Piece[] {
  const result: Piece[] = [];
  let offset = 0;
  let next = 0;
  for (const piece of pieces) {
    const length = lengthOf(piece);
    let from = 0;
    for (; next < edits.length && edits[next]!.range.start < offset + length; next++) {
      const { range, newText } = edits[next]!;
      const start = Math.max(range.start - offset, from);
      if (start > from) result.push(part(piece, from, start));
      if (range.start >= offset) result.push({ kind: "new", text: newText });
      from = Math.min(length, range.end - offset);
      // What is left of it is cut from the pieces that follow.
      if (range.end > offset + length) break;
    }
    if (from < length) result.push(part(piece, from, length));
    offset += length;
    if (next < edits.length && edits[next]!.range.end <= offset && edits[next]!.range.start < offset) next++;
  }
  for (; next < edits.length; next++) {
    if (edits[next]!.range.start >= offset) result.push({ kind: "new", text: edits[next]!.newText });
  }
  return result;
}

function lengthOf(piece: Piece): number {
  return piece.kind === "new" ? piece.text.length : piece.end - piece.start;
}

function part(piece: Piece, from: number, to: number): Piece {
  if (piece.kind === "new") return { kind: "new", text: piece.text.slice(from, to) };
  return { kind: "kept", start: piece.start + from, end: piece.start + to };
}
