// Asks the worker to explain numbers of what is looked at. Nobody has to wait: what comes late is there for the next one
// who asks.

import type { ExplainOrder, Explanation } from "../../engine/protocol/explanation";
import type { Snapshot } from "../../engine/protocol/snapshot";
import type { Session } from "./session";

/** What was asked about one moment, by the order. */
type Answers = Map<string, Promise<Explanation>>;

/** An order about whatever step is looked at. */
export type ExplainSubject = Omit<ExplainOrder, "step">;

export type BriefAnswer =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  /** It takes longer than anybody waits. */
  | { readonly kind: "late" }
  | { readonly kind: "refused"; readonly message: string };

export class Explanations {
  /** Answers are of one moment: the next Snapshot makes them old. */
  private readonly answers = new WeakMap<Snapshot, Answers>();

  /** Of the step that is looked at. Throws why it cannot be explained. */
  ask(session: Session, subject: ExplainSubject): Promise<Explanation> {
    const order: ExplainOrder = { ...subject, ...session.moment };
    const { shown } = session;
    const answers = (shown && this.answers.get(shown)) ?? new Map<string, Promise<Explanation>>();
    if (shown) this.answers.set(shown, answers);
    const key = JSON.stringify([order.id, order.of, order.element, order.checkGradient === true, order.step]);
    const known = answers.get(key);
    if (known) return known;
    const answer = session.worker.request("explain", order);
    answers.set(key, answer);
    // What failed may be asked again.
    answer.catch(() => answers.delete(key));
    return answer;
  }

  /** Waits so many milliseconds at most, and no longer than it is wanted. */
  async askBriefly(
    session: Session,
    subject: ExplainSubject,
    patience: number,
    cancelled: Promise<void>,
  ): Promise<BriefAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<BriefAnswer>((resolve) => {
      const give = () => resolve({ kind: "late" });
      timer = setTimeout(give, patience);
      void cancelled.then(give);
    });
    const answer = this.ask(session, subject).then(
      (explanation): BriefAnswer => ({ kind: "explained", explanation }),
      (error: unknown): BriefAnswer => ({
        kind: "refused",
        message: error instanceof Error ? error.message : String(error),
      }),
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
