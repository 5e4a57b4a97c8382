// The numbers of a tensor that need not stand one after another. AssemblyScript.
//
// An operand is written in an instruction as words: address, rank, whether every block of numbers is the same, then size
// and stride (in numbers) of each axis, the innermost first. Rank 0 is a single number for all; rank 1 with stride 1 is
// contiguous.

const headSize = 12; // Bytes.
const axisSize = 8;

/** Bytes of scratch that `place` needs for each operand: a block and a little more, and a position on each axis. */
export const placeSize = 1280;
const blockSize = 1088; // 256 numbers and what the last vector writes too much.

/** How far from one operand to the next. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function sizeOfOperand(q: usize): usize {
  return headSize + axisSize * <usize>load<i32>(q, 4);
}

/** Bytes from four numbers to the next four, where `place` says: none for a single number. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function stepOf(q: usize): usize {
  return load<i32>(q, 4) == 0 ? 0 : 16;
}

/**
 * Where the numbers [start, start + count) stand one after another: in the tensor itself if they do, else in `room`.
 * Blocks must be taken in order, from the first to the last of a thread; `isFirst` says which is the first.
 */
export function place(q: usize, start: i32, count: i32, isFirst: bool, room: usize): usize {
  const rank = load<i32>(q, 4);
  if (rank == 0) {
    v128.store(room, v128.load32_splat(load<usize>(q)));
    return room;
  }
  if (load<i32>(q, headSize + 4) == 1) {
    if (rank == 1) return load<usize>(q) + (<usize>start << 2);
    // A long row holds them all.
    const size = load<i32>(q, headSize);
    if (size >= count && start % size + count <= size) return addressOf(q, rank, start);
  }
  if (isFirst || !load<i32>(q, 8)) gather(room, q, start, count, room + blockSize);
  return room;
}

/** Writes the numbers [start, start + count) one after another to d. `position` is scratch for the axes. */
export function gather(d: usize, q: usize, start: i32, count: i32, position: usize): void {
  const rank = load<i32>(q, 4);
  const size = load<i32>(q, headSize);
  const stride = load<i32>(q, headSize + 4);
  let index = start;
  let i = index % size;
  index /= size;
  let row = load<usize>(q);
  for (let axis = 1; axis < rank; axis++) {
    const at = q + headSize + axisSize * axis;
    const along = index % load<i32>(at);
    index /= load<i32>(at);
    store<i32>(position + (<usize>axis << 2), along);
    row += (along * load<i32>(at, 4)) << 2;
  }
  for (;;) {
    const length = min(count, size - i);
    gatherRow(d, row + ((i * stride) << 2), stride, length);
    count -= length;
    if (count <= 0) return;
    d += <usize>length << 2;
    i = 0;
    // Advance like an odometer: the first outer axis that does not wrap around ends it.
    for (let axis = 1; axis < rank; axis++) {
      const at = q + headSize + axisSize * axis;
      const along = load<i32>(position + (<usize>axis << 2)) + 1;
      row += load<i32>(at, 4) << 2;
      if (along < load<i32>(at)) {
        store<i32>(position + (<usize>axis << 2), along);
        break;
      }
      store<i32>(position + (<usize>axis << 2), 0);
      row -= (load<i32>(at) * load<i32>(at, 4)) << 2;
    }
  }
}

function addressOf(q: usize, rank: i32, index: i32): usize {
  let address = load<usize>(q);
  for (let axis = 0; axis < rank; axis++) {
    const at = q + headSize + axisSize * axis;
    address += ((index % load<i32>(at)) * load<i32>(at, 4)) << 2;
    index /= load<i32>(at);
  }
  return address;
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function gatherRow(d: usize, x: usize, stride: i32, length: i32): void {
  if (stride == 1) {
    for (; length >= 4; length -= 4, d += 16, x += 16) v128.store(d, v128.load(x));
    for (; length > 0; length--, d += 4, x += 4) store<f32>(d, load<f32>(x));
  } else if (stride == 0) {
    const value = v128.load32_splat(x);
    for (; length >= 4; length -= 4, d += 16) v128.store(d, value);
    for (; length > 0; length--, d += 4) v128.store32_lane(d, value, 0);
  } else {
    const step = stride << 2;
    for (; length > 0; length--, d += 4, x += step) store<f32>(d, load<f32>(x));
  }
}
