// How a kernel divides the scratch of its thread.

/** Room after room. */
export class Scratch {
  /** Bytes. */
  size = 0;

  /** Where it begins, on a cache line of its own; kernels may read up to 32 bytes past its end. */
  take(bytes: number): number {
    const start = this.size;
    this.size = upTo(64, start + bytes + 32);
    return start;
  }
}

/** The next multiple. */
export function upTo(multiple: number, size: number): number {
  return Math.ceil(size / multiple) * multiple;
}
