// Takes the pictures of the README with the tests' own browser: `npm run images`. Look at them before committing.

import { openVSCode, type VSCode } from "./fixture";
import type { ThemeName } from "./support/themes";

const folder = "docs/images";

async function pictures(theme: ThemeName): Promise<void> {
  const vs = await openVSCode({
    theme,
    viewport: { width: 1500, height: 1000 },
    settings: { "workbench.activityBar.location": "hidden", "workbench.sideBar.location": "right" },
  });
  try {
    await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeSidebar"));
    await vs.openFile("digits.nnet");
    await vs.command("nnet: Open Diagram");
    await vs.webview().locator(".react-flow__node").first().waitFor();
    await trained(vs);
    await vs.screenshot(`${folder}/training-${theme}.png`);
    await vs.hover({ line: "-> Dense(hidden) as h1", word: "h1" });
    // The hover grows when its histograms have been drawn.
    await vs.page.waitForTimeout(700);
    await vs.screenshot(`${folder}/hover-${theme}.png`);

    await vs.openFile("lectures/masha.nnet");
    await vs.command("nnet: Run Checks");
    await vs.notification(/checks? passed/i).waitFor();
    await vs.screenshot(`${folder}/checks-${theme}.png`);
  } finally {
    await vs.close();
  }
}

async function trained(vs: VSCode): Promise<void> {
  await vs.command("nnet: Train");
  await vs.statusBarItem(/finished/).waitFor({ timeout: 60_000 });
  await vs.page.waitForTimeout(500); // The last values are drawn at most 100 ms later; charts in the next frame.
}

for (const theme of ["dark", "light"] as const) await pictures(theme);
process.exit(0);
