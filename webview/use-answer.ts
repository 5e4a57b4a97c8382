// The host's answer to a question, kept up to date while a training goes on: asked again when there is a newer step, though
// never before the last answer has come, and not more often than it is worth.

import { useEffect, useRef, useState } from "react";
import type { Questions } from "../engine/protocol/webview";
import { useSelected, useSession } from "./store";

export interface Answered<Result> {
  readonly answer?: Result;
  /** Why there is no answer. */
  readonly problem?: string;
}

interface Known<Result> extends Answered<Result> {
  readonly key: string;
  readonly step: number;
  /** When it came, in milliseconds. */
  readonly time: number;
}

/** `interval` in milliseconds from one answer to the next question. Nothing is asked before there is a step. */
export function useAnswer<Method extends keyof Questions>(
  method: Method,
  parameters: Questions[Method]["parameters"],
  interval: number,
): Answered<NonNullable<Questions[Method]["result"]>> {
  type Result = NonNullable<Questions[Method]["result"]>;
  const { ask } = useSession();
  const step = useSelected(({ recording }) => recording.steps.at(-1));
  const run = useSelected(({ recording }) => recording.run);
  // The same step of another training is another step.
  const key = JSON.stringify([method, parameters, run]);
  const [known, setKnown] = useState<Known<Result>>();
  const underWay = useRef<string>(undefined);
  const fits = known?.key === key;
  const isCurrent = fits && known.step === step;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for method, parameters and training.
  useEffect(() => {
    if (step === undefined || isCurrent || underWay.current === key) return;
    const settle = (found: Answered<Result>) => {
      if (underWay.current !== key) return;
      underWay.current = undefined;
      setKnown({ ...found, key, step, time: performance.now() });
    };
    const send = () => {
      underWay.current = key;
      ask(method, parameters).then(
        // Without an answer another question came between; the answer before is still the newest.
        (answer) =>
          settle(answer ? { answer: answer as Result } : { ...(fits && known.answer && { answer: known.answer }) }),
        (error: unknown) => settle({ problem: error instanceof Error ? error.message : String(error) }),
      );
    };
    const timer = setTimeout(send, fits ? Math.max(0, known.time + interval - performance.now()) : 0);
    return () => clearTimeout(timer);
  }, [key, step, isCurrent, known]);

  if (step === undefined || !fits) return {};
  return known;
}
