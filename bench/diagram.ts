// How long the diagram takes, in the browser of the tests, with 1,000 nodes: a first layout, an edit of one line among them,
// and each frame while the view moves. Medians in milliseconds. `npm run bench:diagram`; needs `npm run build -- --production`.

import { DiagramPage, type Frames } from "./diagram-page";
import { type DiagramWorkload, diagramWorkloads, moduleOf, snapshotsOf } from "./diagram-workloads";
import { median, quantile } from "./statistics";

/** Milliseconds that issue 5 allows. */
const limits = { first: 1500, edit: 100, frame: 1000 / 60 };

const edits = 15;
const windows = 5;

/** Turns of the wheel in pixels, one for each frame. */
const there = Array.from({ length: 60 }, () => 70);
const back = there.map((by) => -by);
const inAndOut = Array.from({ length: 120 }, (_, turn) => (Math.floor(turn / 15) % 2 === 0 ? 8 : -8));

/** Of the first steps of a training. */
const snapshotCount = 10;

async function measureEdits(diagram: DiagramPage, { name, text }: DiagramWorkload): Promise<void> {
  const first: number[] = [];
  const later: number[] = [];
  for (let opened = 0; opened < windows; opened++) {
    await diagram.reload();
    first.push(await diagram.show(networkOf(text(0), 0)));
    for (let turn = 1; turn <= edits / windows; turn++) later.push(await diagram.show(networkOf(text(turn), turn)));
  }
  const said = (times: readonly number[]) => median(times).toFixed(0);
  console.log(`${name}: first ${said(first)} (${limits.first}), an edit ${said(later)} (${limits.edit})`);
}

async function measureMoves(diagram: DiagramPage, { name, text }: DiagramWorkload): Promise<void> {
  const snapshots = await snapshotsOf(text(0), snapshotCount);
  for (const live of [false, true]) {
    await diagram.reload();
    await diagram.show(networkOf(text(0), 0));
    if (live) {
      await diagram.post({ kind: "state", state: { kind: "running", training: "T" }, trainings: ["T"] });
      await diagram.train(snapshots);
    }
    const { page } = diagram;
    for (const view of ["as opened", "all of it"]) {
      if (view === "all of it") await page.getByRole("button", { name: "Fit diagram" }).click();
      await page.waitForTimeout(1000); // What the first picture and the first numbers cost is over.
      const panning = await diagram.turnWheel(there.concat(back), { zoom: false });
      const zooming = await diagram.turnWheel(inAndOut, { zoom: true });
      const where = `${name}, ${view}${live ? ", training" : ""}`;
      console.log(`${where}: panning ${said(panning)}; zooming ${said(zooming)}`);
    }
  }
}

function said({ intervals, script, style }: Frames): string {
  const late = intervals.filter((interval) => interval > 1.5 * limits.frame).length / intervals.length;
  const times = `${median(intervals).toFixed(1)} a frame (p95 ${quantile(intervals, 0.95).toFixed(1)}, ${(100 * late).toFixed(0)} % late)`;
  return `${times}, script ${script.toFixed(1)}, styles ${style.toFixed(1)}`;
}

function networkOf(text: string, version: number) {
  return { kind: "network", version, network: moduleOf(text).networks[0]! } as const;
}

const diagram = await DiagramPage.open();
try {
  for (const workload of diagramWorkloads) await measureEdits(diagram, workload);
  for (const workload of diagramWorkloads) await measureMoves(diagram, workload);
} finally {
  await diagram.close();
}
