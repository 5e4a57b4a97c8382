// The epochs of one training, oldest first. Of a very long training fewer are kept, evenly spread, so that memory, messages
// and charts stay small; the first and the newest are always there.

import type { EpochReport } from "../../engine/protocol/snapshot";
import { EvenlySpread } from "../language/evenly-spread";

/** More than a chart has pixels. */
const mostReports = 1000;

export class History {
  private readonly kept = new EvenlySpread<EpochReport>();

  get reports(): readonly EpochReport[] {
    return this.kept.items;
  }

  add(report: EpochReport): void {
    this.kept.add(report, mostReports);
  }
}
