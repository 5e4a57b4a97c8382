// The innermost loops of matrix products and convolutions: 4 rows by 8 columns of y stay in registers over all k.
// Larger tiles do not fit into sixteen registers, and V8 makes chains of dependent additions of an unrolled loop.
// AssemblyScript.

/** Bytes of a tile of 4 rows and 8 columns, and of one of its rows. */
export const tileSize: usize = 128;
export const tileRow: usize = 32;

/**
 * Tiles below each other: y = start + Σ a[k]·b[k] over `count` k in order, for a packed [k][4], tile after tile, and b
 * packed [k][8].
 *
 * Rows of y and of `start` are so many bytes apart, tiles of `start` `startTile` bytes; `start` may be y itself, and no
 * bytes apart where all rows begin alike.
 */
export function tiles(
  number: i32,
  count: i32,
  a: usize,
  b: usize,
  start: usize,
  startRow: usize,
  startTile: usize,
  y: usize,
  row: usize,
): void {
  const end = b + <usize>count * 32;
  for (; number > 0; number--) {
    let from = start;
    let y00 = v128.load(from);
    let y01 = v128.load(from, 16);
    from += startRow;
    let y10 = v128.load(from);
    let y11 = v128.load(from, 16);
    from += startRow;
    let y20 = v128.load(from);
    let y21 = v128.load(from, 16);
    from += startRow;
    let y30 = v128.load(from);
    let y31 = v128.load(from, 16);
    let right = b;
    while (right < end) {
      const b0 = v128.load(right);
      const b1 = v128.load(right, 16);
      let left = v128.load32_splat(a);
      y00 = f32x4.add(y00, f32x4.mul(left, b0));
      y01 = f32x4.add(y01, f32x4.mul(left, b1));
      left = v128.load32_splat(a, 4);
      y10 = f32x4.add(y10, f32x4.mul(left, b0));
      y11 = f32x4.add(y11, f32x4.mul(left, b1));
      left = v128.load32_splat(a, 8);
      y20 = f32x4.add(y20, f32x4.mul(left, b0));
      y21 = f32x4.add(y21, f32x4.mul(left, b1));
      left = v128.load32_splat(a, 12);
      y30 = f32x4.add(y30, f32x4.mul(left, b0));
      y31 = f32x4.add(y31, f32x4.mul(left, b1));
      a += 16;
      right += 32;
    }
    v128.store(y, y00);
    v128.store(y, y01, 16);
    y += row;
    v128.store(y, y10);
    v128.store(y, y11, 16);
    y += row;
    v128.store(y, y20);
    v128.store(y, y21, 16);
    y += row;
    v128.store(y, y30);
    v128.store(y, y31, 16);
    y += row;
    start += startTile;
  }
}

/**
 * One tile, added to that at y, with each row of a at an address of its own: `lines` times `length` numbers, `step` bytes
 * apart in a line, `skip` bytes from behind a line to the next.
 */
export function tileOfLines(
  lines: i32,
  length: i32,
  step: usize,
  skip: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  y: usize,
): void {
  let y00 = v128.load(y);
  let y01 = v128.load(y, 16);
  let y10 = v128.load(y, 32);
  let y11 = v128.load(y, 48);
  let y20 = v128.load(y, 64);
  let y21 = v128.load(y, 80);
  let y30 = v128.load(y, 96);
  let y31 = v128.load(y, 112);
  const size = <usize>length * 32;
  for (; lines > 0; lines--) {
    const end = b + size;
    while (b < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let left = v128.load32_splat(a0);
      y00 = f32x4.add(y00, f32x4.mul(left, b0));
      y01 = f32x4.add(y01, f32x4.mul(left, b1));
      left = v128.load32_splat(a1);
      y10 = f32x4.add(y10, f32x4.mul(left, b0));
      y11 = f32x4.add(y11, f32x4.mul(left, b1));
      left = v128.load32_splat(a2);
      y20 = f32x4.add(y20, f32x4.mul(left, b0));
      y21 = f32x4.add(y21, f32x4.mul(left, b1));
      left = v128.load32_splat(a3);
      y30 = f32x4.add(y30, f32x4.mul(left, b0));
      y31 = f32x4.add(y31, f32x4.mul(left, b1));
      a0 += step;
      a1 += step;
      a2 += step;
      a3 += step;
      b += 32;
    }
    a0 += skip;
    a1 += skip;
    a2 += skip;
    a3 += skip;
  }
  v128.store(y, y00);
  v128.store(y, y01, 16);
  v128.store(y, y10, 32);
  v128.store(y, y11, 48);
  v128.store(y, y20, 64);
  v128.store(y, y21, 80);
  v128.store(y, y30, 96);
  v128.store(y, y31, 112);
}

/** The first four columns of a tile, added to those at y, with rows of a as in one of `tileOfLines`; b is packed [k][4]. */
export function halfTile(count: i32, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, b: usize, y: usize): void {
  let y0 = v128.load(y);
  let y1 = v128.load(y, 32);
  let y2 = v128.load(y, 64);
  let y3 = v128.load(y, 96);
  const end = b + <usize>count * 16;
  for (; b < end; b += 16) {
    const right = v128.load(b);
    y0 = f32x4.add(y0, f32x4.mul(v128.load32_splat(a0), right));
    y1 = f32x4.add(y1, f32x4.mul(v128.load32_splat(a1), right));
    y2 = f32x4.add(y2, f32x4.mul(v128.load32_splat(a2), right));
    y3 = f32x4.add(y3, f32x4.mul(v128.load32_splat(a3), right));
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
  }
  v128.store(y, y0);
  v128.store(y, y1, 32);
  v128.store(y, y2, 64);
  v128.store(y, y3, 96);
}

/** The first rows and columns of a tile from `from` to `to`, whose rows are so many bytes apart. */
export function moveTile(to: usize, toRow: usize, from: usize, fromRow: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = <usize>column * 4;
      store<f32>(to + at, load<f32>(from + at));
    }
    to += toRow;
    from += fromRow;
  }
}
