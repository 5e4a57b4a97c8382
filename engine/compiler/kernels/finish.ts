// What is done to the numbers of a matrix product or convolution once their sums are there. AssemblyScript.

import { Finish } from "../opcodes";
import { reluGradient4, sigmoid4, sigmoidGradient4, tanh4, tanhGradient4 } from "./math";

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
  const y = v128.load(at);
  if (kind == Finish.reluMask) return reluGradient4(x, y);
  if (kind == Finish.tanhMask) return tanhGradient4(x, y);
  return sigmoidGradient4(x, y);
}
