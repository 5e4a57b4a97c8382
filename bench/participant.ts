// A process that takes part in the benchmark, seen from the benchmark: starts it, asks it for timed runs, ends it.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, RunRequest } from "./line-protocol";

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

type Ready = Extract<Answer, { kind: "ready" }>;

/** Throws, with what the process printed, when one ends without an answer. */
export class Participant {
  private constructor(
    private readonly child: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly complaints: () => string,
  ) {}

  static async start({ program, arguments: args, environment }: Command): Promise<[Participant, Ready]> {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } });
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-2000);
    });
    child.on("error", (error) => {
      complaints += error.message;
    });
    child.stdin.on("error", () => {}); // A process that has died says why on its standard error.
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const participant = new Participant(child, answers, () => complaints);
    const ready = await participant.answer();
    if (ready.kind !== "ready") throw new Error(`${program} began with ${JSON.stringify(ready)}`);
    return [participant, ready];
  }

  async run(seconds: number): Promise<Exclude<Answer, Ready>> {
    const request: RunRequest = { run: seconds };
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const answer = await this.answer();
    if (answer.kind === "ready") throw new Error("ready was not asked for");
    return answer;
  }

  /** The end of its input ends the process. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin!.end();
    await gone;
  }

  private async answer(): Promise<Answer> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`${this.child.spawnargs.join(" ")} ended early:\n${this.complaints()}`);
    return JSON.parse(value) as Answer;
  }
}
