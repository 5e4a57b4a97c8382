// The webview's end of the conversation with the extension host: typed, one channel, no decisions.

import type { DiagramState, FromWebview, Posted, ToWebview } from "../engine/protocol/webview";
import { received } from "./received";

/** What VS Code hands to a webview's script, once. */
interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): DiagramState | undefined;
  setState(state: DiagramState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export type Post = (message: FromWebview) => void;

export interface Channel {
  readonly post: Post;
  /** What was remembered when this panel was last on the screen. */
  readonly remembered: DiagramState | undefined;
  readonly remember: (state: DiagramState) => void;
  readonly receive: (listener: (message: ToWebview) => void) => void;
}

export function openChannel(): Channel {
  const vscode = acquireVsCodeApi();
  return {
    post: (message) => vscode.postMessage(message),
    remembered: vscode.getState(),
    remember: (state) => vscode.setState(state),
    receive: (listener) =>
      window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (isMessage(data)) listener(received(data));
      }),
  };
}

/** VS Code delivers only what the extension host posted, whose sender is typed: the tag tells it from a browser's own messages. */
function isMessage(data: unknown): data is Posted<ToWebview> {
  return typeof data === "object" && data !== null && "kind" in data;
}
