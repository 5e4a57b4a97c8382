// How busy the window's main thread is while digits.nnet trains in a real VS Code: with the editor alone, and with diagram,
// inspector and each tab of the dashboard; how often a node's numbers change; how long a hover takes. In the tests' VS Code
// the panel shares its thread with the editor, on a desktop it has one of its own: here is the worse case.
// `npm run bench:webview`; needs `npx tsx build.ts --production`.

import type { CDPSession } from "playwright-core";
import { openVSCode, type VSCode } from "../test/ui/fixture";
import { pointOfWord } from "../test/ui/support/editor";
import { openLongDigits, openPanel, tabs } from "./long-digits";
import { median } from "./statistics";

const seconds = 5;
const hovers = 12;
const mostPatience = 4000; // ms until a hover is there

/** Numbers must be seen changing at least so often in a second. */
const fewestChanges = 4;

const vs = await openVSCode({ viewport: { width: 1600, height: 1000 } });
try {
  const thread = await vs.page.context().newCDPSession(vs.page);
  await thread.send("Performance.enable");
  await openLongDigits(vs);
  console.log(`nothing runs: ${said(await busyShare(thread))} of the main thread's time`);
  await vs.command("nnet: Train");
  await vs.statusBarItem(/epoch \d+\//).waitFor();
  await measure("editor alone", thread);
  console.log(`  ${await hoverWords()}`);
  await openPanel(vs);
  let fewest = Number.POSITIVE_INFINITY;
  for (const tab of tabs) {
    await vs.webview().getByRole("tab", { name: tab, exact: true }).click();
    await vs.page.waitForTimeout(1500);
    await measure(`with the panel, ${tab}`, thread);
    const changes = await changesPerSecond(vs);
    fewest = Math.min(fewest, changes);
    console.log(`  a node's numbers change ${changes.toFixed(1)} times a second`);
  }
  await vs.webview().getByRole("tab", { name: "Loss", exact: true }).click();
  console.log(`with the panel: ${await hoverWords()}`);
  if (fewest < fewestChanges) console.log(`numbers change less than ${fewestChanges} times a second`);
  process.exitCode = fewest < fewestChanges ? 1 : 0;
} finally {
  await vs.close();
}
process.exit();

async function measure(what: string, session: CDPSession): Promise<void> {
  const [before, start] = [await epoch(vs), performance.now()];
  const share = await busyShare(session);
  const rate = ((await epoch(vs)) - before) / ((performance.now() - start) / 1000);
  console.log(`${what}: ${said(share)}, at ${rate.toFixed(0)} epochs a second`);
}

async function epoch({ statusBarItem }: VSCode): Promise<number> {
  return Number(/epoch (\d+)\//.exec(await statusBarItem(/epoch \d+\//).innerText())?.[1]);
}

/** In [0, 1]: of wall-clock time, waiting for a core included. */
async function busyShare(session: CDPSession): Promise<number> {
  const before = await readings(session);
  await vs.page.waitForTimeout(1000 * seconds);
  const after = await readings(session);
  return (after.TaskDuration! - before.TaskDuration!) / (after.Timestamp! - before.Timestamp!);
}

async function readings(session: CDPSession): Promise<Readonly<Record<string, number>>> {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function changesPerSecond({ webview }: VSCode): Promise<number> {
  const node = webview().locator(".react-flow__node").filter({ hasText: "h1" }).first();
  const changes = await node.evaluate(
    (element, time) =>
      new Promise<number>((resolve) => {
        let count = 0;
        const observer = new MutationObserver(() => count++); // Hears of one rendering at a time.
        observer.observe(element, { subtree: true, childList: true, characterData: true });
        setTimeout(() => resolve(count), time);
      }),
    1000 * seconds,
  );
  return changes / seconds;
}

async function hoverWords(): Promise<string> {
  const times: number[] = [];
  for (let turn = 0; turn < hovers; turn++) times.push(await hoverTime(vs));
  const shown = times.filter(Number.isFinite);
  const never = hovers - shown.length;
  const late = never > 0 ? `, and ${never} of ${hovers} did not come within ${mostPatience / 1000} s` : "";
  if (shown.length === 0) return `no hover came within ${mostPatience / 1000} s`;
  return `a hover is there ${median(shown).toFixed(0)} ms after the mouse rests, ${Math.max(...shown).toFixed(0)} at worst${late}`;
}

/** Milliseconds from the last movement of the mouse until the hover says something, of which VS Code waits 300; ∞ when none comes. */
async function hoverTime({ page }: VSCode): Promise<number> {
  await page.mouse.move(800, 996);
  await page.locator(".monaco-hover:visible").waitFor({ state: "hidden" });
  const point = await pointOfWord(page, { line: "-> Dense(hidden) as h1", word: "h1" });
  if (!point) throw new Error("The line to hover over is not on the screen.");
  await page.evaluate((patience) => {
    let [rest, place] = [0, ""];
    const moved = ({ timeStamp, clientX, clientY }: MouseEvent) => {
      // The browser repeats the last movement whenever the page below the mouse has changed.
      if (place === `${clientX} ${clientY}`) return;
      [rest, place] = [timeStamp, `${clientX} ${clientY}`];
    };
    addEventListener("mousemove", moved, true);
    const shown = new Promise<number | null>((resolve) => {
      const look = () => {
        const visible = [...document.querySelectorAll<HTMLElement>(".monaco-hover .hover-contents")].filter(
          (contents) => contents.checkVisibility({ visibilityProperty: true }),
        );
        if (!visible.some(({ innerText }) => !/^\s*(Loading\.\.\.)?\s*$/.test(innerText))) return;
        end(performance.now() - rest);
      };
      const end = (time: number | null) => {
        removeEventListener("mousemove", moved, true);
        observer.disconnect();
        resolve(time);
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(() => end(null), patience);
    });
    Object.assign(window, { nnetHover: shown });
  }, mostPatience);
  await page.mouse.move(point.x - 3, point.y);
  await page.mouse.move(point.x, point.y, { steps: 3 });
  const time = await page.evaluate(() => (window as unknown as { nnetHover: Promise<number | null> }).nnetHover);
  return time ?? Number.POSITIVE_INFINITY;
}

function said(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
