// The webview, from the first line to the first picture: the channel to the host, the store it feeds, the panel it draws.

import { createRoot } from "react-dom/client";
import { App } from "./app";
import { createAsk } from "./ask";
import { takeKeyboard } from "./back-to-diagram";
import { createLayoutEngine } from "./diagram/layout";
import { browserScreen, createDrawing } from "./drawing";
import "./main.css";
import { openChannel } from "./messages";
import { createStore, restoredState, SessionContext, toRemember } from "./store";
import { createWatching } from "./watching";

const channel = openChannel();
const store = createStore(restoredState(channel.remembered));
const { ask, settle } = createAsk(channel.post);
const drawing = createDrawing(browserScreen);
const watching = createWatching((ids) => channel.post({ kind: "watch", ids }), queueMicrotask);
channel.receive((message) => {
  if (message.kind === "answer" || message.kind === "refusal") settle(message);
  else if (message.kind === "focus") takeKeyboard();
  else if (message.kind === "frame")
    drawing.frame(
      () => store.dispatch(message),
      () => channel.post({ kind: "drawn" }),
    );
  else store.dispatch(message);
});
rememberChanges();

const engine = createLayoutEngine(document.body.dataset.layoutWorker ?? "layout-worker.js");

createRoot(rootElement()).render(
  <SessionContext value={{ store, post: channel.post, ask, drawing, watching }}>
    <App engine={engine} />
  </SessionContext>,
);

channel.post({ kind: "ready" });

/**
 * VS Code keeps what it is given last; a training's many messages change nothing of it. At once something is kept: a panel
 * of which nothing is known when its window is loaded again does not come back.
 */
function rememberChanges(): void {
  const uri = document.body.dataset.uri;
  if (uri === undefined) throw new Error("The page does not say whose diagram it is.");
  let last = JSON.stringify(channel.remembered);
  const remember = (): void => {
    const state = toRemember(store.get(), uri);
    const now = JSON.stringify(state);
    if (now === last) return;
    last = now;
    channel.remember(state);
  };
  remember();
  store.subscribe(remember);
}

/** The page has `<div id="root">`; where it has none, the body is as good. */
function rootElement(): HTMLElement {
  return document.getElementById("root") ?? document.body.appendChild(document.createElement("div"));
}
