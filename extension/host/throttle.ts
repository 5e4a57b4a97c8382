// A burst of calls → few runs: soon when quiet, then at most one per interval, the last call always counted. What takes
// long to run is run less often, so that it never fills the time of the thread.

import type { Disposable } from "vscode";

/** A run is followed by a pause of at least this many times its own duration. */
const rest = 3;

export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private earliest = Number.NEGATIVE_INFINITY;

  /** `interval` in milliseconds. */
  constructor(
    private readonly interval: number,
    private readonly run: () => void,
  ) {}

  request(): void {
    this.timer ??= setTimeout(() => this.now(), Math.max(0, this.earliest - performance.now()));
  }

  /** What is requested now or already runs after this many milliseconds at the soonest. */
  postpone(time: number): void {
    this.earliest = Math.max(this.earliest, performance.now() + time);
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.request();
  }

  /** Runs now what was requested for later. */
  flush(): void {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.now();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private now(): void {
    this.timer = undefined;
    const start = performance.now();
    this.run();
    const end = performance.now();
    this.earliest = Math.max(start + this.interval, end + rest * (end - start));
  }
}
