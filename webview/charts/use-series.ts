// The recorded curves of the training, up to the step that is looked at.

import { useMemo } from "react";
import type { RecordedSeries } from "../../engine/protocol/webview";
import { useSelected } from "../store";
import { type Answered, useAnswer } from "../use-answer";

const interval = 500; // ms

export function useSeries(): Answered<RecordedSeries> {
  const { answer, problem } = useAnswer("series", undefined, interval);
  const shown = useSelected(({ recording }) => recording.shown);
  const series = useMemo(() => answer && upTo(answer, shown), [answer, shown]);
  return { ...(series && { answer: series }), ...(problem !== undefined && { problem }) };
}

function upTo(series: RecordedSeries, step: number | undefined): RecordedSeries {
  if (step === undefined) return series;
  const count = series.steps.filter((each) => each <= step).length;
  return {
    steps: series.steps.slice(0, count),
    learningRates: series.learningRates.slice(0, count),
    parameters: series.parameters.map(({ id, gradientNorms, updateRatios }) => ({
      id,
      gradientNorms: gradientNorms.slice(0, count),
      updateRatios: updateRatios.slice(0, count),
    })),
  };
}
