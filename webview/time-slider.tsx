// Goes back to recorded steps of a training: diagram, hovers, decorations and charts follow.

import { useEffect, useState } from "react";
import type { RecordedSteps } from "../engine/protocol/webview";
import { Button } from "./controls";
import { formatCount } from "./numbers";
import { useSelected, useSession } from "./store";

export function TimeSlider() {
  const { run, steps, gone, shown } = useSelected(({ recording }) => recording);
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
  const fate = gone.includes(steps[at]!) ? ", whose weights are no longer kept" : "";
  const words = `step ${formatCount(steps[at]!)}${step === undefined ? ", the newest" : fate}`;
  return (
    <div className={`time ${shown === undefined ? "" : "is-past"}`}>
      <div className="time-track">
        <input
          type="range"
          aria-label="Recorded step"
          aria-valuetext={words}
          min={0}
          max={last}
          value={at}
          onChange={({ target }) => look(Number(target.value))}
        />
        <KeptSteps steps={steps} gone={gone} />
      </div>
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

/** A tick under each step that everything can be asked about, where that is not every step. */
function KeptSteps({ steps, gone }: Pick<RecordedSteps, "steps" | "gone">) {
  if (gone.length === 0) return null;
  const ticks = steps.map((step, index) => (gone.includes(step) ? "" : `M${index} 0v1`)).join("");
  const words = [
    `The weights of ${formatCount(steps.length - gone.length)} of ${formatCount(steps.length)} recorded steps are kept: those with a mark.`,
    "Of the others there are statistics, but no single numbers, explanations or predictions.",
  ].join(" ");
  return (
    <div className="time-kept" role="img" aria-label={words} title={words}>
      <svg viewBox={`0 0 ${steps.length - 1} 1`} preserveAspectRatio="none" aria-hidden="true">
        <path d={ticks} />
      </svg>
    </div>
  );
}
