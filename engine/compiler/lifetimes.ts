// When each buffer is needed, and room for it then: buffers that are never needed at once may share their bytes.

import type { Step } from "./plan";
import type { Buffer } from "./view";

export interface Arrangement {
  /** Bytes from the arena's start. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes. */
  readonly size: number;
  /** Bytes that are needed at once, at the step that needs most: no arrangement is smaller. */
  readonly live: number;
}

/** A stretch of steps, both ends included, in which some buffers of one size share one room. */
interface Lifetime {
  readonly buffers: Buffer[];
  readonly bytes: number;
  first: number;
  last: number;
}

const alignment = 64; // Bytes: a cache line.

/** `pinned` are needed from before the first step until after the last. */
export function arrange(steps: readonly Step[], pinned: readonly Buffer[]): Arrangement {
  const lifetimes = lifetimesOf(steps, new Set(pinned));
  return { ...place(lifetimes), live: mostLive(lifetimes, steps.length) };
}

function mostLive(lifetimes: readonly Lifetime[], steps: number): number {
  // From −1 to `steps`, and one behind.
  const changes = new Float64Array(steps + 3);
  for (const { first, last, bytes } of lifetimes) {
    changes[first + 1]! += bytes;
    changes[last + 2]! -= bytes;
  }
  let live = 0;
  let most = 0;
  for (const change of changes) {
    live += change;
    most = Math.max(most, live);
  }
  return most;
}

function lifetimesOf(steps: readonly Step[], pinned: ReadonlySet<Buffer>): Lifetime[] {
  const lifetimes = new Map<Buffer, Lifetime>();
  const touch = (buffer: Buffer, at: number): void => {
    if (buffer.place.kind !== "arena") return;
    const known = lifetimes.get(buffer);
    if (known) known.last = Math.max(known.last, at);
    else lifetimes.set(buffer, { buffers: [buffer], bytes: bytesOf(buffer), first: at, last: at });
  };
  for (const buffer of pinned) {
    touch(buffer, -1);
    touch(buffer, steps.length);
  }
  for (const [at, { reads, writes }] of steps.entries()) {
    for (const buffer of reads) touch(buffer, at);
    if (writes) touch(writes, at);
  }
  for (const [at, step] of steps.entries()) share(step, at, lifetimes, pinned);
  return [...new Set(lifetimes.values())];
}

/** Lets a result take over the room of an input that nobody needs afterwards. */
function share(
  { writes, replaceable }: Step,
  at: number,
  lifetimes: Map<Buffer, Lifetime>,
  pinned: ReadonlySet<Buffer>,
): void {
  const result = writes && lifetimes.get(writes);
  if (!result || pinned.has(writes) || result.first !== at) return;
  const input = replaceable.map((buffer) => lifetimes.get(buffer)).find((found) => found?.last === at);
  if (!input || input === result) return;
  input.buffers.push(...result.buffers);
  input.last = result.last;
  for (const buffer of result.buffers) lifetimes.set(buffer, input);
}

/**
 * Greedy by size: the largest first, each at the lowest place where nothing else lives at the same time.
 * Source: Pisarchyk & Lee 2020, arXiv:2001.03288, section 5.
 */
function place(lifetimes: readonly Lifetime[]): Omit<Arrangement, "live"> {
  const placed: { readonly lifetime: Lifetime; readonly start: number; readonly end: number }[] = [];
  const offsets = new Map<Buffer, number>();
  let size = 0;
  for (const lifetime of [...lifetimes].sort((a, b) => b.bytes - a.bytes)) {
    let start = 0;
    for (const other of placed) {
      if (other.lifetime.first > lifetime.last || other.lifetime.last < lifetime.first) continue;
      if (other.start >= start + lifetime.bytes) break;
      start = Math.max(start, other.end);
    }
    const end = start + lifetime.bytes;
    const before = placed.findIndex((other) => other.start > start);
    placed.splice(before === -1 ? placed.length : before, 0, { lifetime, start, end });
    for (const buffer of lifetime.buffers) offsets.set(buffer, start);
    size = Math.max(size, end);
  }
  return { offsets, size };
}

function bytesOf({ size }: Buffer): number {
  return Math.max(1, Math.ceil((4 * size) / alignment)) * alignment;
}
