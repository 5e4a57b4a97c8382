// Four vectors side by side, as tiles read them: k by k. AssemblyScript.

/**
 * to[k][0…3] = from[0…3][k] for `length` k, each k `pitch` bytes after the last. The vectors begin `apart` bytes apart
 * and their numbers stand `step` bytes apart. Where there are fewer than four, the last stands for those that are
 * missing.
 */
export function packFour(
  to: usize,
  pitch: usize,
  from: usize,
  vectors: i32,
  length: i32,
  apart: usize,
  step: usize,
): void {
  const from1 = vectors > 1 ? from + apart : from;
  const from2 = vectors > 2 ? from1 + apart : from1;
  const from3 = vectors > 3 ? from2 + apart : from2;
  if (apart == 4) copyFour(to, pitch, from, length, step);
  else if (step == 4) transposeFour(to, pitch, from, from1, from2, from3, length);
  else gatherFour(to, pitch, from, from1, from2, from3, length, step);
}

/** Eight vectors at 32 bytes for each k; of `vectors` that are there. */
export function packEight(to: usize, from: usize, vectors: i32, length: i32, apart: usize, step: usize): void {
  if (apart == 4) {
    const end = to + <usize>length * 32;
    for (; to < end; to += 32, from += step) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
    return;
  }
  packFour(to, 32, from, vectors, length, apart, step);
  if (vectors > 4) packFour(to + 16, 32, from + 4 * apart, vectors - 4, length, apart, step);
  else zeroFour(to + 16, 32, length);
}

/** Up to sixteen vectors: a panel of eight behind the other. */
export function packPanels(to: usize, from: usize, vectors: i32, length: i32, apart: usize, step: usize): void {
  const second = to + <usize>length * 32;
  if (vectors <= 8) packEight(to, from, vectors, length, apart, step);
  else if (apart == 4) {
    for (let at = second; to < second; to += 32, at += 32, from += step) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(at, v128.load(from, 32));
      v128.store(at, v128.load(from, 48), 16);
    }
  } else {
    packEight(to, from, 8, length, apart, step);
    packEight(second, from + 8 * apart, vectors - 8, length, apart, step);
  }
}

/** What stands behind fewer than four vectors is copied too, and never used. */
function copyFour(to: usize, pitch: usize, from: usize, length: i32, step: usize): void {
  for (; length > 0; length--, to += pitch, from += step) v128.store(to, v128.load(from));
}

function transposeFour(
  to: usize,
  pitch: usize,
  from0: usize,
  from1: usize,
  from2: usize,
  from3: usize,
  length: i32,
): void {
  for (; length >= 4; length -= 4) {
    const x0 = v128.load(from0);
    const x1 = v128.load(from1);
    const x2 = v128.load(from2);
    const x3 = v128.load(from3);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
    to += pitch;
    v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3));
    to += pitch;
    v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2));
    to += pitch;
    v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3));
    to += pitch;
    from0 += 16;
    from1 += 16;
    from2 += 16;
    from3 += 16;
  }
  gatherFour(to, pitch, from0, from1, from2, from3, length, 4);
}

function gatherFour(
  to: usize,
  pitch: usize,
  from0: usize,
  from1: usize,
  from2: usize,
  from3: usize,
  length: i32,
  step: usize,
): void {
  for (; length > 0; length--, to += pitch) {
    store<f32>(to, load<f32>(from0));
    store<f32>(to, load<f32>(from1), 4);
    store<f32>(to, load<f32>(from2), 8);
    store<f32>(to, load<f32>(from3), 12);
    from0 += step;
    from1 += step;
    from2 += step;
    from3 += step;
  }
}

function zeroFour(to: usize, pitch: usize, length: i32): void {
  for (; length > 0; length--, to += pitch) v128.store(to, f32x4.splat(0));
}
