// What travels between a test (bridge.ts) and the extension host (bridge-extension.ts): one JSON object a line.

export interface BridgeAddress {
  port: number;
  /** Proves that a connection comes from the window under test. */
  token: string;
}

export interface HostFacts {
  vscodeVersion: string;
  nodeVersion: string;
  /** Process id of the extension host. */
  pid: number;
}

export interface ToHost {
  call: number;
  code: string;
  argument: unknown;
}

export type FromHost =
  | { kind: "hello"; token: string; facts: HostFacts }
  | { kind: "value"; call: number; value: unknown }
  | { kind: "error"; call: number; error: string };

/** What a function run in the extension host gets besides `vscode` and its argument. */
export interface HostTools {
  /** Node's `require`, for `fs` and the like: the function's own imports do not travel with it. */
  require(id: string): unknown;
  /** Keeps values between two calls. */
  store: Record<string, unknown>;
}

/**
 * Runs `fn` in the extension host and returns what it returns.
 *
 * The function travels as source text: it sees its parameters and globals, nothing else of the test.
 * Argument and result travel as JSON: no NaN, no functions; `undefined` becomes `null`.
 */
export interface Evaluate {
  <Result>(fn: (vscode: typeof import("vscode")) => Result | Thenable<Result>): Promise<Result>;
  <Argument, Result>(
    fn: (vscode: typeof import("vscode"), argument: Argument, tools: HostTools) => Result | Thenable<Result>,
    argument: Argument,
  ): Promise<Result>;
}
