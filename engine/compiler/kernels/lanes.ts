// The last few of many numbers, where four would be too many. AssemblyScript.

/** Writes the first `count` lanes, all four when there are more. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function storeLanes(to: usize, x: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, x);
    return;
  }
  v128.store32_lane(to, x, 0);
  if (count > 1) v128.store32_lane(to, x, 1, 4);
  if (count > 2) v128.store32_lane(to, x, 2, 8);
}

/** All bits of the lanes from `count` on. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function lanesBeyond(count: i32): v128 {
  return i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}
