// How the network does on samples: those it is validated on, if there are any, or those it learns from.

import { type ReactNode, useState } from "react";
import type { Evaluation, SamplePart } from "../../engine/protocol/inspection";
import { Dropdown } from "../controls";
import { formatCount } from "../numbers";
import { useSelected } from "../store";
import { useAnswerOfMoment } from "../use-answer";
import { NotYet } from "./empty";

const interval = 1500; // ms: it costs more than a look at what is there.

const partNames: { readonly [Part in SamplePart]: string } = {
  validation: "validation samples",
  training: "training samples",
};

interface EvaluatedProps {
  /** What is seen when there is something: `which class is taken for which`. */
  readonly wanted: string;
  readonly children: (evaluation: Evaluation) => ReactNode;
}

/** Its children, of the evaluation of the step that is looked at. */
export function Evaluated({ wanted, children }: EvaluatedProps) {
  const validated = useSelected(({ history }) => history.reports.some(({ validation }) => validation !== undefined));
  const [chosen, choose] = useState<SamplePart>();
  const part = chosen ?? (validated ? "validation" : "training");
  const { answer, problem } = useAnswerOfMoment("evaluate", { part }, interval);
  return (
    <>
      <div className="evaluated-on">
        <Dropdown
          label="Samples"
          options={Object.values(partNames)}
          value={partNames[part]}
          onChoose={(name) => choose(name === partNames.training ? "training" : "validation")}
        />
        {answer && <span>{saidOf(answer)}</span>}
      </div>
      {answer ? children(answer) : <NotYet problem={problem} wanted={wanted} />}
    </>
  );
}

function saidOf({ samples, allSamples, step }: Evaluation): string {
  const which = samples < allSamples ? `${formatCount(samples)} of ${formatCount(allSamples)}` : formatCount(samples);
  return `${which}, with the weights after step ${formatCount(step)}`;
}
