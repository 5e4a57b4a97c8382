// Asks the worker to explain numbers. Nobody has to wait: what comes late is there for the next one who asks.

import type { ExplainOrder, Explanation } from "../../engine/protocol/explanation";
import type { Session } from "./session";

/** What was asked about one training, by the order. */
type Answers = Map<string, Promise<Explanation>>;

export class Explanations {
  private readonly answers = new WeakMap<Session, { step: number | undefined; answers: Answers }>();

  /** Of the last batch. Throws why it cannot be explained. */
  ask(session: Session, order: ExplainOrder): Promise<Explanation> {
    const answers = this.answersOf(session);
    const key = JSON.stringify([order.id, order.of, order.element, order.checkGradient === true]);
    const known = answers.get(key);
    if (known) return known;
    const answer = session.worker.request("explain", order);
    answers.set(key, answer);
    // What failed may be asked again.
    answer.catch(() => answers.delete(key));
    return answer;
  }

  /** Undefined when it takes longer than so many milliseconds, is no longer wanted, or cannot be explained. */
  async askBriefly(
    session: Session,
    order: ExplainOrder,
    patience: number,
    cancelled: Promise<void>,
  ): Promise<Explanation | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patience);
      void cancelled.then(() => resolve(undefined));
    });
    try {
      return await Promise.race([this.ask(session, order), late]);
    } catch {
      // The text may be ahead of what was trained; the hover has everything else.
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Answers are of one step: the next Snapshot makes them old. */
  private answersOf(session: Session): Answers {
    const step = session.snapshot?.step;
    const known = this.answers.get(session);
    if (known && known.step === step) return known.answers;
    const answers: Answers = new Map();
    this.answers.set(session, { step, answers });
    return answers;
  }
}
