// The webview, from the first line to the first picture: the channel to the host, the store it feeds, the panel it draws.

import { createRoot } from "react-dom/client";
import { App } from "./app";
import { createLayoutEngine } from "./diagram/layout";
import "./main.css";
import { openChannel } from "./messages";
import { createStore, SessionContext } from "./store";

const channel = openChannel();
const store = createStore();
channel.receive((message) => {
  if (message.kind === "network") channel.remember({ uri: message.file });
  store.dispatch(message);
});

const engine = createLayoutEngine(document.body.dataset.layoutWorker ?? "layout-worker.js");

createRoot(rootElement()).render(
  <SessionContext value={{ store, post: channel.post }}>
    <App engine={engine} />
  </SessionContext>,
);

channel.post({ kind: "ready" });

/** The page has `<div id="root">`; where it has none, the body is as good. */
function rootElement(): HTMLElement {
  return document.getElementById("root") ?? document.body.appendChild(document.createElement("div"));
}
