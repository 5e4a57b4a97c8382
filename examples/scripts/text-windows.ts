// A text → what attention.nnet learns from it: windows of characters as numbers, each with the characters that follow.

import { strToU8, zipSync } from "fflate";

/** Position in it is a character's number. */
export const alphabet = [..."\n !\"'(),-.:;?abcdefghijklmnopqrstuvwxyz"];

/** Numbers of a window, as in attention.nnet. */
export const windowLength = 64;

/** Characters between the beginnings of two windows: with fewer than in a window, each character is met at several places. */
const stride = 16;

/** The last chapter is held out. */
export interface Windows {
  /** [windows, 64], the numbers of the characters. */
  readonly read: readonly Uint8Array[];
  readonly next: readonly Uint8Array[];
  readonly unseenRead: readonly Uint8Array[];
  readonly unseenNext: readonly Uint8Array[];
}

/** Small letters only, and a line for each paragraph: fewer characters to learn. Headings of chapters are left out. */
export function chaptersOf(book: string): string[] {
  return book
    .split(/^CHAPTER \d+$/m)
    .map((chapter) => chapter.trim())
    .filter((chapter) => chapter !== "")
    .map((chapter) =>
      chapter
        .toLowerCase()
        .split(/\n\n+/)
        .map((paragraph) => paragraph.replace(/\n/g, " "))
        .join("\n"),
    );
}

/** Characters the alphabet does not have are left out. */
export function numbersOf(text: string): Uint8Array {
  return Uint8Array.from([...text].map((character) => alphabet.indexOf(character)).filter((number) => number >= 0));
}

export function windowsOf(book: string): Windows {
  const chapters = chaptersOf(book).map(numbersOf);
  const unseen = chapters.pop()!;
  const read = chapters.flatMap((chapter) => cut(chapter, stride, 0));
  const next = chapters.flatMap((chapter) => cut(chapter, stride, 1));
  // Each of its characters counts once.
  return { read, next, unseenRead: cut(unseen, windowLength, 0), unseenNext: cut(unseen, windowLength, 1) };
}

/** As `numpy.savez_compressed` writes them, the same bytes every time. */
export function npzOf(windows: Windows): Uint8Array {
  const files = Object.entries(windows).map(([name, rows]) => [`${name}.npy`, npyOf(rows)]);
  return zipSync(Object.fromEntries(files), { level: 9, mtime: "1980-01-01T12:00:00" });
}

/**
 * How many nats a character costs whoever knows only how often each occurs, and whoever also knows the one before: what
 * a network that reads further must stay below.
 */
export function entropiesOf(numbers: Uint8Array): { readonly unigram: number; readonly bigram: number } {
  const single = new Map<number, number>();
  const pairs = new Map<number, number>();
  for (let position = 1; position < numbers.length; position++) {
    const [before, after] = [numbers[position - 1]!, numbers[position]!];
    single.set(before, (single.get(before) ?? 0) + 1);
    pairs.set(256 * before + after, (pairs.get(256 * before + after) ?? 0) + 1);
  }
  const unigram = entropy([...single.values()]);
  // H(after | before) = H(before, after) − H(before)
  return { unigram, bigram: entropy([...pairs.values()]) - unigram };
}

/** Windows of a chapter, `shift` characters after those of shift 0; the end that fills none is left out. */
function cut(chapter: Uint8Array, stride: number, shift: number): Uint8Array[] {
  const windows: Uint8Array[] = [];
  for (let start = 0; start + windowLength < chapter.length; start += stride) {
    windows.push(chapter.subarray(start + shift, start + shift + windowLength));
  }
  return windows;
}

/** A NumPy file, version 1: magic, length of the header, the header filled with spaces to a multiple of 64, the numbers. */
function npyOf(rows: readonly Uint8Array[]): Uint8Array {
  const written = `{'descr': '|u1', 'fortran_order': False, 'shape': (${rows.length}, ${windowLength}), }`;
  const header = `${written.padEnd(Math.ceil((written.length + 11) / 64) * 64 - 11)}\n`;
  const magic = [0x93, ...strToU8("NUMPY"), 1, 0, header.length & 0xff, header.length >> 8];
  const file = new Uint8Array(magic.length + header.length + rows.length * windowLength);
  file.set(magic);
  file.set(strToU8(header), magic.length);
  for (const [index, row] of rows.entries()) file.set(row, magic.length + header.length + index * windowLength);
  return file;
}

function entropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return -counts.reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0);
}
