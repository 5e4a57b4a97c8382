// How long the extension host's event loop is held up while digits.nnet trains in a real VS Code with everything open (live
// values in the editor, diagram, inspector, each tab of the dashboard in turn), and how soon the training obeys then.
// `npm run bench:host`; needs `npm run build`.

import { openVSCode, type VSCode } from "../test/ui/fixture";
import { openLongDigits, openPanel, tabs } from "./long-digits";
import { median } from "./statistics";

/** Milliseconds at the 99th percentile. */
const limit = 10;

/** Milliseconds until a command is answered. */
const patience = 100;

const seconds = 20;

/** Milliseconds by which a timer of a millisecond came late. */
interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

const vs = await openVSCode({ viewport: { width: 1600, height: 1000 } });
try {
  await openLongDigits(vs);
  await openPanel(vs);
  const idle = await delays(vs, () => vs.page.waitForTimeout(5000));
  await vs.command("nnet: Train");
  await vs.statusBarItem(/epoch \d+\//).waitFor();
  const training = await delays(vs, () => lookAround(vs));
  const pauses = await answersToPauses(vs);
  const moments = await vs.webview().getByRole("slider", { name: "Recorded step" }).getAttribute("max");
  await vs.command("nnet: Stop");
  console.log(`milliseconds of delay in the extension host, ${seconds} s with ${moments} recorded steps`);
  console.log(`  idle      ${said(idle)}`);
  console.log(`  training  ${said(training)}`);
  console.log(training.p99 <= limit ? `p99 is within ${limit} ms` : `p99 is over ${limit} ms`);
  const longest = Math.max(...pauses);
  console.log(`a pause is answered after ${median(pauses).toFixed(1)} ms (median), ${longest.toFixed(1)} at most`);
  console.log(longest <= patience ? `within ${patience} ms` : `over ${patience} ms`);
  process.exitCode = training.p99 <= limit && longest <= patience ? 0 : 1;
} finally {
  await vs.close();
}
process.exit();

async function lookAround({ page, webview }: VSCode): Promise<void> {
  for (const name of tabs) {
    await webview().getByRole("tab", { name, exact: true }).click();
    await page.waitForTimeout((1000 * seconds) / tabs.length);
  }
}

async function delays({ eval: inHost }: VSCode, meanwhile: () => Promise<void>): Promise<Delays> {
  await inHost(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    Object.assign(globalThis, { nnetDelays: histogram });
    histogram.enable();
  });
  await meanwhile();
  return inHost(() => {
    const { nnetDelays: histogram } = globalThis as unknown as {
      nnetDelays: { disable(): void; percentile(at: number): number; max: number };
    };
    histogram.disable();
    // It counts from one timer to the next, in nanoseconds: a millisecond of each is what was asked for.
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - 1);
    return { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), longest: late(histogram.max) };
  });
}

/** Milliseconds from each of some pauses to its answer; the training goes on after each. */
async function answersToPauses({ eval: inHost }: VSCode): Promise<readonly number[]> {
  return await inHost(async (vscode) => {
    const answers: number[] = [];
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      await vscode.commands.executeCommand("nnet.pause");
      answers.push(performance.now() - start);
      await vscode.commands.executeCommand("nnet.resume");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return answers;
  });
}

function said({ p50, p99, longest }: Delays): string {
  return `median ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, longest ${longest.toFixed(1)}`;
}
