// The command line as its user has it, in this process: what it prints, and the code it ends with.

import { cli } from "../../extension/cli/cli";
import type { Terminal } from "../../extension/cli/terminal";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Its clock goes on by a millisecond whenever it is read, unless the test's terminal has another one. */
export async function runCli(
  args: readonly string[],
  terminal: Partial<Terminal> & Pick<Terminal, "folder">,
): Promise<Outcome> {
  let [out, error, time] = ["", "", 0];
  const code = await cli(args, "1.2.3", {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    interactive: false,
    now: () => time++,
    pause: () => Promise.resolve(),
    onInterrupt: () => () => {},
    ...terminal,
  });
  return { code, out, error };
}
