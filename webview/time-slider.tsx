// Goes back to recorded steps of a training: diagram, hovers, decorations and charts follow.

import { useEffect, useState } from "react";
import { Button } from "./controls";
import { formatCount } from "./numbers";
import { useSelected, useSession } from "./store";

export function TimeSlider() {
  const { run, steps, shown } = useSelected(({ recording }) => recording);
  const { post } = useSession();
  // What was asked for until it is shown: the next key goes on from there.
  const [asked, setAsked] = useState<{ readonly step: number | undefined }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another training has other steps.
  useEffect(() => setAsked(undefined), [run]);
  useEffect(() => {
    if (asked?.step === shown) setAsked(undefined);
  }, [asked, shown]);
  if (steps.length < 2) return null;
  const last = steps.length - 1;
  // In the meantime the step may have been thinned away.
  const isThere = asked && (asked.step === undefined || steps.includes(asked.step));
  const step = isThere ? asked.step : shown;
  const found = step === undefined ? last : steps.indexOf(step);
  const at = found < 0 ? last : found;
  const look = (index: number) => {
    const step = index < last ? steps[index] : undefined;
    setAsked({ step });
    post({ kind: "look", ...(step !== undefined && { step }) });
  };
  const words = `step ${formatCount(steps[at]!)}${step === undefined ? ", the newest" : ""}`;
  return (
    <div className={`time ${shown === undefined ? "" : "is-past"}`}>
      <input
        type="range"
        aria-label="Recorded step"
        aria-valuetext={words}
        min={0}
        max={last}
        value={at}
        onChange={({ target }) => look(Number(target.value))}
      />
      <span className="time-words">step {formatCount(steps[at]!)}</span>
      <Button
        label="Live"
        icon="debug-continue"
        hint="Show the newest step again"
        disabled={shown === undefined}
        onPress={() => look(last)}
      />
    </div>
  );
}
