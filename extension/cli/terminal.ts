// What the command line needs from the process around it; tests hand in their own.

export interface Terminal {
  /** Folder that relative paths start from. */
  readonly folder: string;
  out(text: string): void;
  error(text: string): void;
  /** Whether somebody watches: then there are colors and a progress bar. */
  readonly interactive: boolean;
  /** Milliseconds. */
  now(): number;
  /** Lets waiting events happen, Ctrl+C among them. */
  pause(): Promise<void>;
  /** Calls back at Ctrl+C until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}

export const processTerminal: Terminal = {
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  interactive: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  onInterrupt(callback) {
    process.on("SIGINT", callback);
    return () => void process.off("SIGINT", callback);
  },
};

/** Why a command cannot do what was asked; printed without a stack. */
export class CommandError extends Error {}

/** Exit codes. */
export const exit = { ok: 0, problems: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];
