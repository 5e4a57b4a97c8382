// A message for the webview → the same with its NaN and infinities told beside it, since VS Code sends JSON.
// `webview/received.ts` puts them back.

import type { NotFinite, Posted } from "../../engine/protocol/webview";

export function posted<Message extends object>(message: Message): Posted<Message> {
  const notFinite = notFiniteIn(message);
  return notFinite === undefined ? message : { ...message, notFinite };
}

function notFiniteIn(value: unknown): NotFinite | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : (String(value) as NotFinite);
  // Typed arrays travel as they are.
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  const found: Record<string, NotFinite> = {};
  const look = (inside: unknown, key: string | number) => {
    const numbers = notFiniteIn(inside);
    if (numbers !== undefined) found[key] = numbers;
  };
  if (Array.isArray(value)) value.forEach(look);
  else for (const key of Object.keys(value)) look(value[key as keyof typeof value], key);
  return Object.keys(found).length === 0 ? undefined : found;
}
