// Questions to the host and their answers, matched by a number.

import type { Answer, Question, Questions, ToWebview } from "../engine/protocol/webview";
import type { Post } from "./messages";

export type Ask = <Method extends keyof Questions>(
  method: Method,
  parameters: Questions[Method]["parameters"],
) => Promise<Questions[Method]["result"]>;

type Settled = Extract<ToWebview, { kind: "answer" | "refusal" }>;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

export function createAsk(post: Post): { readonly ask: Ask; readonly settle: (message: Settled) => void } {
  const pending = new Map<number, Pending>();
  let last = 0;
  return {
    ask: <Method extends keyof Questions>(method: Method, parameters: Questions[Method]["parameters"]) => {
      const id = ++last;
      const answer = new Promise<Answer>((resolve, reject) => pending.set(id, { resolve, reject }));
      post({ kind: "ask", id, question: { method, parameters } as Question });
      return answer as Promise<Questions[Method]["result"]>;
    },
    settle: (message) => {
      const asked = pending.get(message.id);
      pending.delete(message.id);
      if (message.kind === "answer") asked?.resolve(message.answer);
      else asked?.reject(new Error(message.message));
    },
  };
}
