// Images that convolutions read, with zeros around where the kernel reaches over the border. AssemblyScript.

/** Makes zeros of the border, where they stay while images come and go. */
export function clearBorder(p: usize, channels: i32, scratch: usize): void {
  const padded = load<usize>(p, 88);
  if (padded) memory.fill(scratch + padded, 0, channels * load<i32>(p, 80) * load<i32>(p, 84) * 4);
}

/** Where the given one of the groups of all samples stands with its border. */
export function findSource(p: usize, unit: i32, channels: i32, scratch: usize): usize {
  const height = load<i32>(p, 32);
  const width = load<i32>(p, 36);
  let from = load<usize>(p, 4) + <usize>(unit * channels * height * width) * 4;
  const padded = load<usize>(p, 88);
  if (padded == 0) return from;
  const above = load<i32>(p, 72);
  const left = load<i32>(p, 76);
  const paddedHeight = load<i32>(p, 80);
  const paddedWidth = load<i32>(p, 84);
  const rows = min(height, paddedHeight - above);
  const columns = min(width, paddedWidth - left);
  const skipped = <usize>((height - rows) * width) * 4;
  let plane = scratch + padded + <usize>(above * paddedWidth + left) * 4;
  for (let channel = 0; channel < channels; channel++) {
    let to = plane;
    for (let row = 0; row < rows; row++) {
      copyRow(to, from, columns);
      to += <usize>paddedWidth * 4;
      from += <usize>width * 4;
    }
    from += skipped;
    plane += <usize>(paddedHeight * paddedWidth) * 4;
  }
  return scratch + padded;
}

function copyRow(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
  for (; count > 0; count--, to += 4, from += 4) store<f32>(to, load<f32>(from));
}
