// A burst of calls → few runs: at once when quiet, then at most one per interval, the last call always counted.

import type { Disposable } from "vscode";

export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private lastRun = Number.NEGATIVE_INFINITY;

  /** `interval` in milliseconds. */
  constructor(
    private readonly interval: number,
    private readonly run: () => void,
  ) {}

  request(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.lastRun + this.interval - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lastRun = performance.now();
      this.run();
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
