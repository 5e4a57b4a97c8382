// A message from the host as it was before VS Code made JSON of it: with its NaN and infinities in their places again.

import type { NotFinite, Posted } from "../engine/protocol/webview";

export function received<Message extends object>({ notFinite, ...sent }: Posted<Message>): Message {
  return (notFinite === undefined ? sent : restored(sent, notFinite)) as Message;
}

function restored(value: unknown, notFinite: NotFinite): unknown {
  if (typeof notFinite === "string") return Number(notFinite);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  for (const [key, inside] of Object.entries(notFinite)) {
    Reflect.set(copy, key, restored(Reflect.get(copy, key), inside));
  }
  return copy;
}
