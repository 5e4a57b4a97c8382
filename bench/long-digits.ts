// digits.nnet in a real VS Code, with so many epochs that it trains for as long as anybody measures, and its panel with
// everything in it open.

import type { VSCode } from "../test/ui/fixture";

/** Of the dashboard. */
export const tabs = ["Loss", "Learning rate", "Gradients", "Confusion", "Predictions"] as const;

export async function openLongDigits({ openFile, eval: inHost }: VSCode): Promise<void> {
  await openFile("digits.nnet");
  await inHost(async (vscode) => {
    const editor = vscode.window.activeTextEditor!;
    const at = editor.document.getText().indexOf("epochs: 40");
    const place = editor.document.positionAt(at);
    await editor.edit((edit) => edit.replace(new vscode.Range(place, place.translate(0, 10)), "epochs: 400000"));
  });
}

/** The diagram with the inspector of a layer; the dashboard is open by itself. */
export async function openPanel({ command, webview }: VSCode): Promise<void> {
  await command("nnet: Open Diagram");
  const panel = webview();
  await panel.locator(".react-flow__node").first().waitFor();
  await panel.getByRole("button", { name: "Show inspector" }).click();
  await panel.locator(".react-flow__node").filter({ hasText: "h1" }).first().click();
}
