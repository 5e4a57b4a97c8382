// The training before something that needs its weights.

import type { Trainer } from "../../../engine/runtime/trainer";
import { CommandError, type Terminal } from "../terminal";
import { trainToEnd } from "../training";
import { progressBar } from "./train";

/** Whether it came to its end: false when the user stopped it. Throws CommandError when it failed. */
export async function trainedFirst(
  trainer: Trainer,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<boolean> {
  const bar = terminal.interactive && !json ? progressBar(trainer.training.epochs) : undefined;
  const end = await trainToEnd(trainer, terminal, (report) => bar?.epoch(report));
  bar?.end();
  if (end.kind === "failed") throw new CommandError(end.message);
  return end.kind === "finished";
}
