// The end of the bridge inside the extension host: an extension that runs what the test sends (see bridge.ts).
import { connect } from "node:net";
import { createInterface } from "node:readline";
import * as vscode from "vscode";
import type { BridgeAddress, FromHost, HostTools, ToHost } from "./bridge-protocol";

export function activate(): void {
  const { port, token } = JSON.parse(process.env.NNET_TEST_BRIDGE ?? "{}") as BridgeAddress;
  const socket = connect(port, "127.0.0.1");
  const send = (message: FromHost) => socket.write(`${JSON.stringify(message)}\n`);
  const tools: HostTools = { require, store: {} };

  socket.on("error", () => {}); // The test has ended; the window follows.
  socket.on("connect", () =>
    send({
      kind: "hello",
      token,
      facts: { vscodeVersion: vscode.version, nodeVersion: process.version, pid: process.pid },
    }),
  );
  createInterface({ input: socket }).on("line", async (line) => {
    const { call, code, argument } = JSON.parse(line) as ToHost;
    try {
      const value = await evaluate(code, argument, tools);
      send({ kind: "value", call, value: value ?? null });
    } catch (error) {
      send({ kind: "error", call, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

type HostFunction = (api: typeof vscode, argument: unknown, tools: HostTools) => unknown;

/** `tsx` and `esbuild` wrap named functions in calls of `__name`, which the function expects to find. */
function evaluate(code: string, argument: unknown, tools: HostTools): unknown {
  const make = new Function("__name", `return (${code});`) as (name: (fn: unknown) => unknown) => HostFunction;
  return make((fn) => fn)(vscode, argument, tools);
}
