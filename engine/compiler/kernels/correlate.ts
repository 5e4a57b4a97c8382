// The cross-correlation of one image with filters: columns of eight positions are collected from the image tap by tap,
// and multiplied with the filters' weights. I J height and width of the result. AssemblyScript.

import { storeLanes } from "./lanes";
import { tileRow, tileSize, tiles } from "./tile";

/**
 * y = starts + weights · columns for `filters` rows and I·J columns.
 *
 * `taps` holds for each of `count` taps how far it is from a position, in bytes; positions of the image are `down` and
 * `right` bytes apart, filters of y `ofFilter`, its positions `yDown` and `yRight`. Weights are packed in strips of
 * four filters for each `length` taps, and `starts` are tiles. There is room for a tile and eight addresses at `edge`,
 * for `length` times eight numbers at `panel`.
 */
export function correlate(
  edge: usize,
  panel: usize,
  taps: usize,
  count: i32,
  length: i32,
  weights: usize,
  filters: i32,
  starts: usize,
  image: usize,
  down: usize,
  right: usize,
  I: i32,
  J: i32,
  y: usize,
  ofFilter: usize,
  yDown: usize,
  yRight: usize,
): void {
  if (filters == 1 && right == 4 && yRight == 4) {
    correlateOne(taps, count, weights, load<f32>(starts), image, down, I, J, y, yDown);
    return;
  }
  const positions = I * J;
  const isRow = yRight == 4 && yDown == <usize>J * 4;
  let done = 0;
  do {
    const part = min(length, count - done);
    const strip = <usize>part * 16;
    for (let position = 0; position < positions; position += 8) {
      packPositions(panel, edge + tileSize, taps, part, image, down, right, I, J, position);
      const columns = min(8, positions - position);
      const whole = isRow && columns == 8 ? filters >> 2 : 0;
      const at = y + <usize>position * 4;
      if (done == 0) tiles(whole, part, weights, panel, starts, tileRow, tileSize, at, ofFilter);
      else tiles(whole, part, weights, panel, at, ofFilter, 4 * ofFilter, at, ofFilter);
      for (let filter = 4 * whole; filter < filters; filter += 4) {
        const rows = min(4, filters - filter);
        const packed = weights + <usize>(filter >> 2) * strip;
        const to = y + <usize>filter * ofFilter;
        if (done > 0) takeTile(edge, to, ofFilter, yDown, yRight, J, position, rows, columns);
        const start = done == 0 ? starts + <usize>filter * tileRow : edge;
        tiles(1, part, packed, panel, start, tileRow, 0, edge, tileRow);
        storeTile(to, ofFilter, yDown, yRight, J, position, edge, rows, columns);
      }
    }
    weights += <usize>((filters + 3) >> 2) * strip;
    taps += <usize>part * 4;
    done += part;
  } while (done < count);
}

/**
 * With a single filter, whose positions stand side by side in the image and in y: from the image as it is. Collected columns
 * would be used once, and three rows of each tile not at all.
 */
function correlateOne(
  taps: usize,
  count: i32,
  weights: usize,
  start: f32,
  image: usize,
  down: usize,
  I: i32,
  J: i32,
  y: usize,
  yDown: usize,
): void {
  const end = taps + <usize>count * 4;
  const first = f32x4.splat(start);
  for (let i = 0; i < I; i++, image += down, y += yDown) {
    let j = 0;
    for (; j + 16 <= J; j += 16) {
      const from = image + <usize>j * 4;
      const to = y + <usize>j * 4;
      let y0 = first;
      let y1 = first;
      let y2 = first;
      let y3 = first;
      for (let tap = taps, weight = weights; tap < end; tap += 4, weight += 16) {
        const at = from + load<usize>(tap);
        const w = v128.load32_splat(weight);
        y0 = f32x4.add(y0, f32x4.mul(w, v128.load(at)));
        y1 = f32x4.add(y1, f32x4.mul(w, v128.load(at, 16)));
        y2 = f32x4.add(y2, f32x4.mul(w, v128.load(at, 32)));
        y3 = f32x4.add(y3, f32x4.mul(w, v128.load(at, 48)));
      }
      v128.store(to, y0);
      v128.store(to, y1, 16);
      v128.store(to, y2, 32);
      v128.store(to, y3, 48);
    }
    for (; j < J; j += 4) {
      const from = image + <usize>j * 4;
      let sum = first;
      for (let tap = taps, weight = weights; tap < end; tap += 4, weight += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), v128.load(from + load<usize>(tap))));
      }
      storeLanes(y + <usize>j * 4, sum, J - j);
    }
  }
}

/** to[k] = the numbers of tap k at eight positions; what stands for positions behind the last is never used. */
function packPositions(
  to: usize,
  table: usize,
  taps: usize,
  count: i32,
  image: usize,
  down: usize,
  right: usize,
  I: i32,
  J: i32,
  position: i32,
): void {
  const i = position / J;
  const j = position - i * J;
  if (right == 4 && J - j >= 8) {
    const end = taps + <usize>count * 4;
    const first = image + <usize>i * down + <usize>j * 4;
    for (; taps < end; taps += 4, to += 32) {
      const from = first + load<usize>(taps);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
    return;
  }
  findPositions(table, image, down, right, I, J, i, j);
  // Four neighbors lie in one line of the image, or in two.
  if (right == 4 && J >= 3) {
    packStretches(to, table, taps, count);
  } else {
    packApart(to, table, taps, count);
    packApart(to + 16, table + 16, taps, count);
  }
}

/** The addresses of eight positions; the last of all stands for those behind it. */
function findPositions(table: usize, image: usize, down: usize, right: usize, I: i32, J: i32, i: i32, j: i32): void {
  let line = image + <usize>i * down;
  let at = line + <usize>j * right;
  for (let column: usize = 0; column < 32; column += 4) {
    store<usize>(table + column, at);
    if (++j < J) at += right;
    else if (++i < I) {
      j = 0;
      line += down;
      at = line;
    }
  }
}

function packStretches(to: usize, table: usize, taps: usize, count: i32): void {
  const end = taps + <usize>count * 4;
  const first = load<usize>(table);
  const third = load<usize>(table, 16);
  const used = stretch(table);
  const usedLater = stretch(table + 16);
  if (used == 4 && usedLater == 4) {
    for (; taps < end; taps += 4, to += 32) {
      const tap = load<usize>(taps);
      v128.store(to, v128.load(first + tap));
      v128.store(to, v128.load(third + tap), 16);
    }
    return;
  }
  // The second line is read as far before its beginning as the first one is used.
  const second = used == 4 ? first : load<usize>(table + <usize>used * 4) - <usize>used * 4;
  const fourth = usedLater == 4 ? third : load<usize>(table + 16 + <usize>usedLater * 4) - <usize>usedLater * 4;
  const isFirst = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(used));
  const isThird = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(usedLater));
  for (; taps < end; taps += 4, to += 32) {
    const tap = load<usize>(taps);
    v128.store(to, v128.bitselect(v128.load(first + tap), v128.load(second + tap), isFirst));
    v128.store(to, v128.bitselect(v128.load(third + tap), v128.load(fourth + tap), isThird), 16);
  }
}

/** How many of four positions stand one after another from the first on. */
function stretch(table: usize): i32 {
  const first = load<usize>(table);
  let length = 1;
  while (length < 4 && load<usize>(table + <usize>length * 4) == first + <usize>length * 4) length++;
  return length;
}

function packApart(to: usize, table: usize, taps: usize, count: i32): void {
  const end = taps + <usize>count * 4;
  const at0 = load<usize>(table);
  const at1 = load<usize>(table, 4);
  const at2 = load<usize>(table, 8);
  const at3 = load<usize>(table, 12);
  for (; taps < end; taps += 4, to += 32) {
    const tap = load<usize>(taps);
    store<f32>(to, load<f32>(at0 + tap));
    store<f32>(to, load<f32>(at1 + tap), 4);
    store<f32>(to, load<f32>(at2 + tap), 8);
    store<f32>(to, load<f32>(at3 + tap), 12);
  }
}

/** Puts a tile's first rows and columns where the filters and positions of y stand. */
function storeTile(
  y: usize,
  ofFilter: usize,
  down: usize,
  right: usize,
  J: i32,
  position: i32,
  edge: usize,
  rows: i32,
  columns: i32,
): void {
  for (let column = 0; column < columns; column++, position++, edge += 4) {
    const i = position / J;
    const j = position - i * J;
    let to = y + <usize>i * down + <usize>j * right;
    for (let row = 0; row < rows; row++, to += ofFilter) store<f32>(to, load<f32>(edge + <usize>row * tileRow));
  }
}

/** The reverse of `storeTile`. */
function takeTile(
  edge: usize,
  y: usize,
  ofFilter: usize,
  down: usize,
  right: usize,
  J: i32,
  position: i32,
  rows: i32,
  columns: i32,
): void {
  for (let column = 0; column < columns; column++, position++, edge += 4) {
    const i = position / J;
    const j = position - i * J;
    let from = y + <usize>i * down + <usize>j * right;
    for (let row = 0; row < rows; row++, from += ofFilter) store<f32>(edge + <usize>row * tileRow, load<f32>(from));
  }
}
