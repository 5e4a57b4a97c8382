// The epochs of one training, oldest first. Of a very long training fewer are kept, evenly spread, so that memory, messages
// and charts stay small; the first and the newest are always there.

import type { EpochReport } from "../../engine/protocol/snapshot";

/** More than a chart has pixels. */
const mostReports = 1000;

export class History {
  private kept: EpochReport[] = [];
  /** Epochs 1, 1 + stride, 1 + 2 · stride, … are kept for good. */
  private stride = 1;

  get reports(): readonly EpochReport[] {
    return this.kept;
  }

  add(report: EpochReport): void {
    const newest = this.kept.at(-1);
    if (newest && !this.isKept(newest)) this.kept.pop();
    this.kept.push(report);
    if (this.kept.length <= mostReports) return;
    this.stride *= 2;
    this.kept = this.kept.filter((each) => this.isKept(each) || each === report);
  }

  private isKept({ epoch }: EpochReport): boolean {
    return (epoch - 1) % this.stride === 0;
  }
}
