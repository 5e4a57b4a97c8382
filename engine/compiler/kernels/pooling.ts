// The largest numbers of windows that move over images, channels first. H W height and width of x, I J of y, K L of the
// window. Units are channels of samples. AssemblyScript.

// Arguments of what has windows, four bytes each: 0 the result, 4 x, 8 dy; 12 H, 16 W, 20 I, 24 J, 28 K, 32 L; 36 strides
// down and right, 44 top and left padding, 52 whether windows are 2 × 2 side by side. Of the others: 12 H·W, 16 I·J.

/** y [N, C, I, J] of x [N, C, H, W]. */
export function maxPool2d(p: usize, from: i32, to: i32, scratch: usize): void {
  const plane = load<i32>(p, 12) * load<i32>(p, 16);
  const width = load<i32>(p, 16);
  const I = load<i32>(p, 20);
  const J = load<i32>(p, 24);
  let y = load<usize>(p) + <usize>(from * I * J) * 4;
  let x = load<usize>(p, 4) + <usize>(from * plane) * 4;
  for (; from < to; from++, x += <usize>plane * 4) {
    if (load<i32>(p, 52)) {
      for (let i = 0; i < I; i++, y += <usize>J * 4) poolPairs(y, x + <usize>(2 * i * width) * 4, <usize>width * 4, J);
      continue;
    }
    for (let i = 0; i < I; i++) {
      for (let j = 0; j < J; j++, y += 4) store<f32>(y, load<f32>(x + <usize>largestIn(p, x, i, j) * 4));
    }
  }
}

/** Positions [N, C, I, J] in x [N, C, H, W]. */
export function largest2d(p: usize, from: i32, to: i32, scratch: usize): void {
  const plane = load<i32>(p, 12) * load<i32>(p, 16);
  const I = load<i32>(p, 20);
  const J = load<i32>(p, 24);
  let y = load<usize>(p) + <usize>(from * I * J) * 4;
  let x = load<usize>(p, 4) + <usize>(from * plane) * 4;
  for (; from < to; from++, x += <usize>plane * 4) {
    for (let i = 0; i < I; i++) {
      for (let j = 0; j < J; j++, y += 4) store<f32>(y, <f32>largestIn(p, x, i, j));
    }
  }
}

/** dx [N, C, H, W] of dy [N, C, I, J] and x: what `largest2d` and `spreadAt` give together. */
export function maxPool2dGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  const plane = load<i32>(p, 12) * load<i32>(p, 16);
  const width = load<i32>(p, 16);
  const I = load<i32>(p, 20);
  const J = load<i32>(p, 24);
  const isPairs = load<i32>(p, 52);
  let dx = load<usize>(p) + <usize>(from * plane) * 4;
  let x = load<usize>(p, 4) + <usize>(from * plane) * 4;
  let dy = load<usize>(p, 8) + <usize>(from * I * J) * 4;
  // Pairs that fill the image write all of it.
  if (!isPairs || 4 * I * J != plane) memory.fill(dx, 0, <usize>((to - from) * plane) * 4);
  for (; from < to; from++, x += <usize>plane * 4, dx += <usize>plane * 4) {
    if (isPairs) {
      for (let i = 0; i < I; i++, dy += <usize>J * 4) {
        const at = <usize>(2 * i * width) * 4;
        spreadPairs(dx + at, x + at, dy, <usize>width * 4, J);
      }
      continue;
    }
    for (let i = 0; i < I; i++) {
      for (let j = 0; j < J; j++, dy += 4) {
        const at = dx + <usize>largestIn(p, x, i, j) * 4;
        store<f32>(at, load<f32>(at) + load<f32>(dy));
      }
    }
  }
}

/** y [N, C, I, J]: the numbers of x [N, C, H, W] at positions of that shape. */
export function takeAt(p: usize, from: i32, to: i32, scratch: usize): void {
  const plane = <usize>load<i32>(p, 12) * 4;
  const count = load<i32>(p, 16);
  let y = load<usize>(p) + <usize>(from * count) * 4;
  let x = load<usize>(p, 4) + <usize>from * plane;
  let positions = load<usize>(p, 8) + <usize>(from * count) * 4;
  for (; from < to; from++, x += plane) {
    for (let i = 0; i < count; i++, y += 4, positions += 4) {
      store<f32>(y, load<f32>(x + <usize>(<i32>load<f32>(positions)) * 4));
    }
  }
}

/** dx [N, C, H, W]: the sums of dy [N, C, I, J] at each of the positions of that shape. */
export function spreadAt(p: usize, from: i32, to: i32, scratch: usize): void {
  const plane = <usize>load<i32>(p, 12) * 4;
  const count = load<i32>(p, 16);
  let dx = load<usize>(p) + <usize>from * plane;
  let dy = load<usize>(p, 4) + <usize>(from * count) * 4;
  let positions = load<usize>(p, 8) + <usize>(from * count) * 4;
  memory.fill(dx, 0, <usize>(to - from) * plane);
  for (; from < to; from++, dx += plane) {
    for (let i = 0; i < count; i++, dy += 4, positions += 4) {
      const at = dx + <usize>(<i32>load<f32>(positions)) * 4;
      store<f32>(at, load<f32>(at) + load<f32>(dy));
    }
  }
}

/** The position of the first largest number of one window; of the first NaN if there is one. */
function largestIn(p: usize, x: usize, i: i32, j: i32): i32 {
  const height = load<i32>(p, 12);
  const width = load<i32>(p, 16);
  const top = i * load<i32>(p, 36) - load<i32>(p, 44);
  const left = j * load<i32>(p, 40) - load<i32>(p, 48);
  const lastRow = min(height, top + load<i32>(p, 28));
  const firstColumn = max(0, left);
  const lastColumn = min(width, left + load<i32>(p, 32));
  let best = max(0, top) * width + firstColumn;
  let largest = load<f32>(x + <usize>best * 4);
  for (let row = max(0, top); row < lastRow; row++) {
    for (let column = firstColumn; column < lastColumn; column++) {
      const at = row * width + column;
      const value = load<f32>(x + <usize>at * 4);
      if (value <= largest || largest != largest) continue;
      best = at;
      largest = value;
    }
  }
  return best;
}

/** A row of y from two of x, in windows of 2 × 2 side by side. */
function poolPairs(y: usize, x: usize, row: usize, J: i32): void {
  if (J < 4) {
    for (; J > 0; J--, x += 8, y += 4) {
      const upper = max(load<f32>(x), load<f32>(x, 4));
      store<f32>(y, max(upper, max(load<f32>(x + row), load<f32>(x + row, 4))));
    }
    return;
  }
  for (let j = 0; j < J; j += 4) {
    // The last four overlap those before them.
    const first = <usize>min(j, J - 4);
    const at = x + first * 8;
    const a = evenOf(v128.load(at), v128.load(at, 16));
    const b = oddOf(v128.load(at), v128.load(at, 16));
    const c = evenOf(v128.load(at + row), v128.load(at + row, 16));
    const d = oddOf(v128.load(at + row), v128.load(at + row, 16));
    v128.store(y + first * 4, largestOf(a, b, c, d));
  }
}

/** Two rows of dx from one of dy: each number goes where the first largest of x is, or the first NaN. */
function spreadPairs(dx: usize, x: usize, dy: usize, row: usize, J: i32): void {
  if (J < 4) {
    for (; J > 0; J--, x += 8, dx += 8, dy += 4) {
      const a = load<f32>(x);
      const b = load<f32>(x, 4);
      const c = load<f32>(x + row);
      const largest = max(max(a, b), max(c, load<f32>(x + row, 4)));
      const isA = a == largest || a != a;
      const isB = !isA && (b == largest || b != b);
      const isC = !isA && !isB && (c == largest || c != c);
      const value = load<f32>(dy);
      store<f32>(dx, isA ? value : 0);
      store<f32>(dx, isB ? value : 0, 4);
      store<f32>(dx + row, isC ? value : 0);
      store<f32>(dx + row, isA || isB || isC ? 0 : value, 4);
    }
    return;
  }
  for (let j = 0; j < J; j += 4) {
    const first = <usize>min(j, J - 4);
    const from = x + first * 8;
    const to = dx + first * 8;
    const a = evenOf(v128.load(from), v128.load(from, 16));
    const b = oddOf(v128.load(from), v128.load(from, 16));
    const c = evenOf(v128.load(from + row), v128.load(from + row, 16));
    const d = oddOf(v128.load(from + row), v128.load(from + row, 16));
    const largest = largestOf(a, b, c, d);
    const value = v128.load(dy + first * 4);
    const isA = isLargest(a, largest);
    const isAOrB = v128.or(isA, isLargest(b, largest));
    const isOther = v128.or(isAOrB, isLargest(c, largest));
    const dA = v128.and(value, isA);
    const dB = v128.and(value, v128.andnot(isAOrB, isA));
    const dC = v128.and(value, v128.andnot(isOther, isAOrB));
    const dD = v128.andnot(value, isOther);
    v128.store(to, v128.shuffle<i32>(dA, dB, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<i32>(dA, dB, 2, 6, 3, 7), 16);
    v128.store(to + row, v128.shuffle<i32>(dC, dD, 0, 4, 1, 5));
    v128.store(to + row, v128.shuffle<i32>(dC, dD, 2, 6, 3, 7), 16);
  }
}

/** NaN where one of them is. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function largestOf(a: v128, b: v128, c: v128, d: v128): v128 {
  // A sum without NaN has no NaN in it, and then a maximum is one instruction instead of eight.
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return v128.any_true(f32x4.ne(sum, sum))
    ? f32x4.max(f32x4.max(a, b), f32x4.max(c, d))
    : f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function isLargest(x: v128, largest: v128): v128 {
  return v128.or(f32x4.eq(x, largest), f32x4.ne(x, x));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function evenOf(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function oddOf(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}
