// Who steps sees the step: a pulse runs forward along the edges, then back. A training that runs has no pulse.

import { useEffect, useRef, useState } from "react";
import { useSelected } from "../store";

/** Changes with every single step, so that an animation begins again; undefined when there is none to show. */
export function usePulse(): number | undefined {
  const step = useSelected(({ live }) => live.snapshot?.step);
  const paused = useSelected(
    ({ training, recording }) => training.state.kind === "paused" && recording.shown === undefined,
  );
  /** Where the training stood last. A step's numbers may come before or after the word that it stands again. */
  const stood = useRef(step ?? 0);
  const [pulse, setPulse] = useState<number>();
  useEffect(() => {
    const isSingle = paused && step === stood.current + 1;
    if (step === undefined) stood.current = 0;
    else if (paused) stood.current = step;
    setPulse(isSingle ? step : undefined);
  }, [paused, step]);
  return pulse;
}
