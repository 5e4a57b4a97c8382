// Single samples with what was expected and what came: the worst ones, and some of all.

import { useMemo } from "react";
import type { Evaluation, SamplePrediction } from "../../engine/protocol/inspection";
import { SamplePicture } from "../heatmap/sample-picture";
import { formatNumber } from "../numbers";
import { useSelected } from "../store";
import { Evaluated } from "./evaluated";
import { NumberTable } from "./number-table";

export function PredictionsTab() {
  const { table } = useSelected(({ chart }) => chart);
  return (
    <Evaluated wanted="what the network says on single samples">
      {(evaluation) => (table ? <PredictionTable evaluation={evaluation} /> : <Gallery evaluation={evaluation} />)}
    </Evaluated>
  );
}

function Gallery({ evaluation: { worst, some } }: { readonly evaluation: Evaluation }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="gallery" tabIndex={0} aria-label="Predictions">
      <Samples title="Furthest from right" samples={worst} />
      <Samples title="Some of all" samples={some} />
    </section>
  );
}

function Samples({ title, samples }: { readonly title: string; readonly samples: readonly SamplePrediction[] }) {
  return (
    <>
      <h3 className="gallery-title">{title}</h3>
      <ul className="samples">
        {samples.map((sample) => (
          <Sample key={sample.index} sample={sample} />
        ))}
      </ul>
    </>
  );
}

function Sample({ sample: { index, input, expected, predicted, miss } }: { readonly sample: SamplePrediction }) {
  const right = expected === predicted;
  const title = useMemo(
    () => `sample ${index}${miss === undefined ? "" : `, off by ${formatNumber(miss)}`}`,
    [index, miss],
  );
  return (
    <li className={`sample ${right ? "is-right" : "is-wrong"}`} title={title}>
      <SamplePicture input={input} label={`Sample ${index}`} />
      <span className="sample-words">
        <span className="visually-hidden">predicted </span>
        <b>{predicted}</b>
        {!right && <span className="sample-expected"> not {expected}</span>}
      </span>
    </li>
  );
}

function PredictionTable({ evaluation: { worst } }: { readonly evaluation: Evaluation }) {
  return (
    <NumberTable
      caption="The samples furthest from right, the worst first"
      corner="sample"
      columns={["expected", "predicted", "off by"]}
      rows={worst.map(({ index, expected, predicted, miss }) => ({
        name: String(index),
        cells: [expected, predicted, miss === undefined ? "not finite" : formatNumber(miss)],
      }))}
    />
  );
}
