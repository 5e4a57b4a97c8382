// The host's answer to a question, kept up to date while a training goes on: asked again when there is a newer step, though
// never before the last answer has come, and not more often than it is worth. About a step of the past it is asked once.

import { useEffect, useRef, useState } from "react";
import type { Questions } from "../engine/protocol/webview";
import { useSelected, useSession } from "./store";

export interface Answered<Result> {
  readonly answer?: Result;
  /** Why there is no answer. */
  readonly problem?: string;
}

interface Known<Result> extends Answered<Result> {
  /** What was asked, of whichever step. */
  readonly subject: string;
  /** With the step of the past that it was asked of. Undefined when another question came between. */
  readonly key: string | undefined;
  /** The newest step when it was asked. */
  readonly step: number;
  /** When it came, in milliseconds. */
  readonly time: number;
}

type Result<Method extends keyof Questions> = NonNullable<Questions[Method]["result"]>;

/** Questions of one step. */
type MomentMethod = "evaluate" | "inspect";

/** `interval` in milliseconds from one answer to the next question. Nothing is asked before there is a step. */
export function useAnswer<Method extends Exclude<keyof Questions, MomentMethod>>(
  method: Method,
  parameters: Questions[Method]["parameters"],
  interval: number,
): Answered<Result<Method>> {
  return useQuestion(method, parameters, undefined, interval);
}

/** Of the step that is looked at. Until its answer comes there is the one before it, which says of which step it is. */
export function useAnswerOfMoment<Method extends MomentMethod>(
  method: Method,
  parameters: Questions[Method]["parameters"],
  interval: number,
): Answered<Result<Method>> {
  const past = useSelected(({ recording }) => recording.shown);
  return useQuestion(method, parameters, past, interval);
}

function useQuestion<Method extends keyof Questions>(
  method: Method,
  parameters: Questions[Method]["parameters"],
  past: number | undefined,
  interval: number,
): Answered<Result<Method>> {
  const { ask, drawing } = useSession();
  const step = useSelected(({ recording }) => recording.steps.at(-1));
  const run = useSelected(({ recording }) => recording.run);
  // The same step of another training is another step.
  const subject = JSON.stringify([method, parameters, run]);
  const key = `${subject} ${past}`;
  const [known, setKnown] = useState<Known<Result<Method>>>();
  const underWay = useRef<string>(undefined);
  const fits = known?.subject === subject;
  const isOfMoment = fits && known.key === key;
  const isCurrent = isOfMoment && (past !== undefined || known.step === step);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for method, parameters, training and moment.
  useEffect(() => {
    if (step === undefined || isCurrent || underWay.current === key) return;
    const settle = (found: Answered<Result<Method>> | undefined) => {
      if (underWay.current !== key) return;
      underWay.current = undefined;
      const time = performance.now();
      if (found) setKnown({ ...found, subject, key, step, time });
      // The answer before is still the newest.
      else setKnown({ ...(fits && known), subject, key: undefined, step, time });
    };
    const send = () => {
      underWay.current = key;
      const asked = past === undefined ? parameters : { ...parameters, step: past };
      ask(method, asked as Questions[Method]["parameters"]).then(
        (answer) => drawing.withFrame(() => settle(answer ? { answer: answer as Result<Method> } : undefined)),
        (error: unknown) => settle({ problem: error instanceof Error ? error.message : String(error) }),
      );
    };
    const isOther = !fits || (known.key !== undefined && !isOfMoment);
    const timer = setTimeout(send, isOther ? 0 : Math.max(0, known.time + interval - performance.now()));
    return () => clearTimeout(timer);
  }, [key, step, isCurrent, known]);

  if (step === undefined || !fits) return {};
  return known;
}
