// What a training looks like → frames for the webview: of what it shows, what changed since the last one, and never one before
// that is on the screen. So a webview that is slow, or a machine that is busy, gets fewer frames, and always the newest.

import type { Disposable } from "vscode";
import type { ValueId } from "../../engine/protocol/network";
import type { EpochReport, Snapshot } from "../../engine/protocol/snapshot";
import type { EarlierRun, LivePart } from "../../engine/protocol/webview";
import { Throttle } from "./throttle";

/** Milliseconds between two frames: as often as a changing number can be read. */
const frameInterval = 200;

export interface LiveView {
  /** What is looked at. */
  readonly snapshot?: Snapshot;
  readonly stale: boolean;
  /** Name of the training; empty when there is none. */
  readonly training: string;
  readonly reports: readonly EpochReport[];
  readonly earlierRuns: readonly EarlierRun[];
  /** Oldest first; of another training they are other objects. */
  readonly recorded: readonly Snapshot[];
  /** Steps of those whose weights are gone, oldest first. */
  readonly gone: readonly number[];
  /** The recorded step that is looked at instead of the newest. */
  readonly shown?: number;
}

const nothing: LiveView = { stale: false, training: "", reports: [], earlierRuns: [], recorded: [], gone: [] };

export class LiveFeed implements Disposable {
  /** What the webview has. */
  private sent = nothing;
  /** Of the snapshot that it has. */
  private sentQuantities = new Set<ValueId>();
  /** Whose numbers it shows; all, until it says so. */
  private watched: ReadonlySet<ValueId> | undefined;
  private state: "hidden" | "drawing" | "waiting" = "hidden";
  private changed = false;
  private run = 0;
  private readonly beat = new Throttle(frameInterval, () => this.sendFrame());

  constructor(
    private readonly look: () => LiveView,
    private readonly send: (parts: readonly LivePart[]) => void,
  ) {}

  /** Something may have changed: the next frame says so. */
  request(): void {
    this.changed = true;
    if (this.state === "waiting") this.beat.request();
  }

  /** As `request`, but at once if the webview has drawn what it has. */
  hurry(): void {
    this.request();
    this.beat.flush();
  }

  /** The webview has shown the last frame. */
  drawn(): void {
    if (this.state !== "drawing") return;
    this.state = "waiting";
    if (this.changed) this.beat.request();
  }

  /** The webview shows the numbers of these values and parameters: what it lacks of them comes with the next frame. */
  watch(ids: readonly ValueId[]): void {
    this.watched = new Set(ids);
    this.request();
  }

  /** There is a webview that knows nothing yet. */
  begin(): void {
    this.sent = nothing;
    this.watched = undefined;
    this.state = "waiting";
    this.hurry();
  }

  /** Nobody is looking. */
  hide(): void {
    this.state = "hidden";
  }

  dispose(): void {
    this.beat.dispose();
  }

  private sendFrame(): void {
    if (this.state !== "waiting") return;
    const view = this.look();
    const [before, first] = [this.sent.recorded[0], view.recorded[0]];
    if (first !== undefined && first !== before) this.run += 1;
    const parts = [...this.snapshotParts(view), ...partsSince(this.sent, view, this.run)];
    this.sent = view;
    this.changed = false;
    if (parts.length === 0) return;
    this.state = "drawing";
    this.send(parts);
  }

  private snapshotParts({ snapshot, stale }: LiveView): readonly LivePart[] {
    const isNew = snapshot !== this.sent.snapshot || stale !== this.sent.stale;
    if (isNew) this.sentQuantities = new Set();
    const lacking = Object.entries(snapshot?.quantities ?? {}).filter(
      ([id]) => !this.sentQuantities.has(id) && (this.watched?.has(id) ?? true),
    );
    for (const [id] of lacking) this.sentQuantities.add(id);
    const quantities = Object.fromEntries(lacking);
    if (isNew) return [{ kind: "snapshot", stale, ...(snapshot && { snapshot: { ...snapshot, quantities } }) }];
    return lacking.length === 0 ? [] : [{ kind: "quantities", quantities }];
  }
}

/** The snapshot aside. */
function partsSince(before: LiveView, now: LiveView, run: number): readonly LivePart[] {
  const parts: LivePart[] = [];
  const { training, reports, earlierRuns, recorded, gone, shown } = now;
  const kept = sameAtFirst(before.reports, reports);
  if (training !== before.training || kept < Math.max(reports.length, before.reports.length))
    parts.push({ kind: "history", training, kept, reports: reports.slice(kept) });
  if (!isSame(before.earlierRuns, earlierRuns)) parts.push({ kind: "earlierRuns", runs: earlierRuns });
  if (!isSame(before.recorded, recorded) || !isSame(before.gone, gone) || shown !== before.shown) {
    const steps = recorded.map(({ step }) => step);
    parts.push({ kind: "recording", run, steps, gone, ...(shown !== undefined && { shown }) });
  }
  return parts;
}

/** How many items both lists begin with. */
function sameAtFirst(before: readonly unknown[], now: readonly unknown[]): number {
  const different = before.findIndex((item, at) => item !== now[at]);
  return different < 0 ? before.length : different;
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && sameAtFirst(before, now) === now.length;
}
