// What is done to the numbers of a matrix product or convolution once their sums are there. AssemblyScript.

import { Finish } from "../opcodes";
import { sigmoid4, tanh4 } from "./math";

/** `count` numbers at y, one after another, with those of the mask at m where there is one. */
export function finish(kind: i32, y: usize, m: usize, count: i32): void {
  if (kind == Finish.none) return;
  const end = y + <usize>(count & ~3) * 4;
  for (; y < end; y += 16, m += 16) v128.store(y, finished(kind, v128.load(y), m));
  if (count & 3) {
    // Behind the last numbers stand some that another thread may be writing.
    const last = finished(kind, v128.load(y), m);
    store<f32>(y, f32x4.extract_lane(last, 0));
    if ((count & 3) > 1) store<f32>(y, f32x4.extract_lane(last, 1), 4);
    if ((count & 3) > 2) store<f32>(y, f32x4.extract_lane(last, 2), 8);
  }
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function finished(kind: i32, x: v128, at: usize): v128 {
  // The smaller of 0 and NaN is NaN here, as in max(x, 0).
  if (kind == Finish.relu) return f32x4.pmax(x, f32x4.splat(0));
  if (kind == Finish.tanh) return tanh4(x);
  if (kind == Finish.sigmoid) return sigmoid4(x);
  const m = v128.load(at);
  const one = f32x4.splat(1);
  // Products with 0, not 0 itself: what is NaN or infinite must be seen.
  if (kind == Finish.reluMask) return f32x4.mul(x, v128.and(f32x4.gt(m, f32x4.splat(0)), one));
  if (kind == Finish.tanhMask) return f32x4.mul(x, f32x4.sub(one, f32x4.mul(m, m)));
  return f32x4.mul(x, f32x4.mul(m, f32x4.sub(one, m)));
}
