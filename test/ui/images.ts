// Takes the pictures of the README with the tests' own browser: `npm run images`. Look at them before committing.

import { openVSCode, type VSCode } from "./fixture";
import type { ThemeName } from "./support/themes";

const folder = "docs/images";

/** All of them in one theme. */
async function pictures(theme: ThemeName): Promise<void> {
  const vs = await openTrained(theme);
  try {
    await showWhole(vs);
    await vs.screenshot(`${folder}/training-${theme}.png`);

    await inspect(vs, "h1");
    await vs.screenshot(`${folder}/inspector-${theme}.png`);

    await vs.hover({ line: "-> Dense(hidden) as h1", word: "h1" });
    await enlargeHover(vs);
    await vs.screenshot(`${folder}/hover-${theme}.png`);

    await edit(vs);
    await vs.screenshot(`${folder}/editing-${theme}.png`);

    await vs.openFile("lectures/masha.nnet");
    await openDiagram(vs);
    await vs.openFile("lectures/masha.nnet");
    await vs.command("nnet: Run Checks");
    await vs.notification(/checks? passed/i).waitFor();
    await showWhole(vs);
    await vs.eval((vscode) => vscode.commands.executeCommand("notifications.clearAll"));
    await vs.screenshot(`${folder}/checks-${theme}.png`);
  } finally {
    await vs.close();
  }
}

/** The one that has most kinds of things in it. */
async function pictureOfColors(theme: ThemeName): Promise<void> {
  const vs = await openTrained(theme);
  try {
    await inspect(vs, "h1");
    await vs.screenshot(`${folder}/inspector-${theme}.png`);
  } finally {
    await vs.close();
  }
}

/** With digits.nnet, its diagram and what a training has made of it. */
async function openTrained(theme: ThemeName): Promise<VSCode> {
  const vs = await openVSCode({
    theme,
    viewport: { width: 1500, height: 1200 },
    settings: { "workbench.activityBar.location": "hidden", "workbench.sideBar.location": "right" },
  });
  await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeSidebar"));
  await vs.openFile("digits.nnet");
  await openDiagram(vs);
  await trained(vs);
  await lowerChart(vs);
  return vs;
}

async function openDiagram(vs: VSCode): Promise<void> {
  await vs.command("nnet: Open Diagram");
  await vs.webview().locator(".react-flow__node").first().waitFor();
}

/** A layer's weights and updates beside the diagram, the gradients of all layers below it. */
async function inspect(vs: VSCode, name: string): Promise<void> {
  const view = vs.webview();
  await view.getByRole("button", { name: "Show inspector" }).click();
  const title = view.getByText(name, { exact: true });
  await view.locator(".react-flow__node").filter({ has: title }).first().click();
  await view.getByRole("combobox", { name: "Tensor" }).click();
  await view.getByRole("option", { name: "W", exact: true }).click();
  await view.getByRole("tab", { name: "Gradients", exact: true }).click();
  await vs.page.waitForTimeout(1000);
}

/** The palette beside the diagram alone, and the arguments of the selected layer. */
async function edit(vs: VSCode): Promise<void> {
  const view = vs.webview();
  await view.getByRole("button", { name: "Hide inspector" }).click();
  await view.getByRole("button", { name: "Show palette" }).click();
  await showWhole(vs);
  await view.locator(".react-flow__node").nth(3).dblclick();
  await vs.page.waitForTimeout(500);
}

/** So that all of the diagram is legible above it. */
async function lowerChart(vs: VSCode): Promise<void> {
  const bar = vs.webview().getByRole("separator", { name: "Height of the chart" });
  await bar.press("ArrowDown");
  await bar.press("ArrowDown");
}

async function showWhole(vs: VSCode): Promise<void> {
  await vs.webview().getByRole("button", { name: "Fit diagram" }).click();
  await vs.page.waitForTimeout(300);
}

/** As a person does who wants to see more of it: by its lower edge. */
async function enlargeHover({ page }: VSCode): Promise<void> {
  // It has its own size only when the histograms have been drawn.
  await page.waitForTimeout(700);
  const box = (await page.locator(".monaco-resizable-hover:visible").first().boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 20, { steps: 5 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 1, { steps: 5 });
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 600, { steps: 10 });
  await page.mouse.up();
  await page.waitForTimeout(300);
}

async function trained(vs: VSCode): Promise<void> {
  await vs.command("nnet: Train");
  await vs.statusBarItem(/finished/).waitFor({ timeout: 60_000 });
  await vs.page.waitForTimeout(500); // The last values are drawn at most 100 ms later; charts in the next frame.
}

for (const theme of ["dark", "light"] as const) await pictures(theme);
for (const theme of ["high-contrast", "high-contrast-light"] as const) await pictureOfColors(theme);
process.exit(0);
