// Runs functions of a test inside the extension host of a window the test drives from outside.
// This end listens; the other end, bridge-extension.ts, connects when the extension host starts.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import type { BridgeAddress, Evaluate, FromHost, HostFacts, ToHost } from "./bridge-protocol";
import { hostRoot } from "./paths";

export interface Bridge {
  /** For the environment of the server: tells the extension where to connect. */
  environment: Record<string, string>;
  /** Resolves when the extension host of the next (or, at first, the current) window has connected. */
  connected(): Promise<HostFacts>;
  /** Forgets the current connection, so that `connected` waits for the next: call it before a reload. */
  expectReload(): void;
  evaluate: Evaluate;
  close(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export async function createBridge(): Promise<Bridge> {
  const token = randomBytes(16).toString("hex"); // Other programs on this machine can connect, too.
  const pending = new Map<number, Pending>();
  let socket: Socket | undefined;
  let calls = 0;
  let connection = promiseWithResolve<HostFacts>();

  const receive = (from: Socket, message: FromHost) => {
    if (message.kind === "hello") {
      if (message.token !== token) return void from.destroy();
      socket = from;
      return connection.resolve(message.facts);
    }
    const call = pending.get(message.call);
    pending.delete(message.call);
    if (message.kind === "value") call?.resolve(message.value);
    else call?.reject(new Error(`In the extension host: ${message.error}`));
  };

  const server = createServer((from) => {
    createInterface({ input: from }).on("line", (line) => receive(from, JSON.parse(line) as FromHost));
    from.on("error", () => {}); // "close" follows.
    from.on("close", () => {
      if (from !== socket) return;
      socket = undefined;
      for (const call of pending.values()) call.reject(new Error("The extension host ended during the call."));
      pending.clear();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: BridgeAddress = { port: (server.address() as AddressInfo).port, token };

  const call = (code: string, argument: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      if (!socket) return reject(new Error("No extension host is connected."));
      const message: ToHost = { call: ++calls, code, argument };
      pending.set(message.call, { resolve, reject });
      socket.write(`${JSON.stringify(message)}\n`);
    });

  return {
    environment: { NNET_TEST_BRIDGE: JSON.stringify(address) },
    connected: () => connection.promise,
    expectReload() {
      connection = promiseWithResolve();
    },
    evaluate: ((fn: () => unknown, argument?: unknown) => call(String(fn), argument)) as Evaluate,
    close() {
      socket?.destroy();
      server.close();
    },
  };
}

/** Bundles the other end as an extension below `folder` and returns the extension's folder. */
export async function writeBridgeExtension(folder: string): Promise<string> {
  const extension = path.join(folder, "nnet-test-bridge");
  mkdirSync(extension, { recursive: true });
  const manifest = {
    name: "nnet-test-bridge",
    publisher: "nnet",
    version: "0.0.0",
    engines: { vscode: "*" },
    main: "./extension.cjs",
    activationEvents: ["*"],
    extensionKind: ["workspace"],
  };
  writeFileSync(path.join(extension, "package.json"), JSON.stringify(manifest));
  await build({
    entryPoints: [path.join(hostRoot, "bridge-extension.ts")],
    outfile: path.join(extension, "extension.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    logLevel: "silent",
  });
  return extension;
}

function promiseWithResolve<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
