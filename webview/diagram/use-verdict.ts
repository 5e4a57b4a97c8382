// What a gesture would do, asked while it is being written.

import { useEffect, useState } from "react";
import type { Gesture } from "../../engine/protocol/edit-intent";
import { useEditor, verdictOf } from "./editor";

export interface Verdict {
  readonly fits: boolean;
  readonly text: string;
}

const pause = 120; // milliseconds without a key

/** Undefined while nothing is known, or nothing would change. */
export function useVerdict(gesture: Gesture | undefined): Verdict | undefined {
  const { preview } = useEditor();
  const form = JSON.stringify(gesture);
  const [known, setKnown] = useState<{ readonly form: string; readonly verdict: Verdict }>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the form stands for the gesture.
  useEffect(() => {
    if (gesture === undefined) return;
    let isNewest = true;
    const timer = setTimeout(() => {
      preview(gesture).then(
        (outcome) => isNewest && setKnown({ form, verdict: verdictOf(outcome) }),
        (error: unknown) => isNewest && setKnown({ form, verdict: { fits: false, text: String(error) } }),
      );
    }, pause);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [form, preview]);

  return known !== undefined && known.form === form ? known.verdict : undefined;
}
