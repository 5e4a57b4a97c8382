// The panel: toolbar, warnings, the diagram with the inspector beside it, and the dashboard below.

import { useRef } from "react";
import { backToDiagram } from "./back-to-diagram";
import { Dashboard } from "./charts/dashboard";
import { ProgressRing } from "./controls";
import { DiagramView } from "./diagram/diagram-view";
import type { LayoutEngine } from "./diagram/layout";
import type { DiagramCamera } from "./diagram/use-camera";
import { Inspector } from "./inspector/inspector";
import { Banner, Notice } from "./notice";
import { PanelSplit } from "./panel-split";
import { type DocumentState, drawsBlock, useSelected, useSession } from "./store";
import { TimeSlider } from "./time-slider";
import { Toolbar } from "./toolbar";
import { useSize } from "./use-size";

export function App({ engine }: { readonly engine: LayoutEngine }) {
  const shown = useSelected((state) => state.document);
  const chart = useSelected((state) => state.chart);
  const { store } = useSession();
  const camera = useRef<DiagramCamera>(null);

  if (shown.kind === "loading")
    return (
      <main className="panel-loading">
        <ProgressRing label="Loading the network" />
      </main>
    );
  if (shown.kind === "empty")
    return (
      <main>
        <NoNetwork {...(shown.problem !== undefined && { problem: shown.problem })} />
      </main>
    );
  const diagram = <Workspace shown={shown} engine={engine} camera={camera} />;
  return (
    <main onKeyDown={backToDiagram}>
      <Toolbar camera={camera} />
      <Warnings shown={shown} />
      {chart.open ? (
        <PanelSplit
          direction="down"
          label="Height of the chart"
          first={diagram}
          second={<Dashboard />}
          share={chart.share}
          onShare={(share) => store.dispatch({ kind: "arrangeChart", change: { share } })}
        />
      ) : (
        diagram
      )}
      <TimeSlider />
    </main>
  );
}

const narrow = 560; // pixels: less cannot be shared side by side.

/** The diagram, and the inspector where there is room for it. */
function Workspace(props: DiagramProps) {
  const inspector = useSelected((state) => state.inspector);
  const { store } = useSession();
  const whole = useRef<HTMLDivElement>(null);
  const { width } = useSize(whole);
  const diagram = <Diagram {...props} />;
  return (
    <div className="workspace" ref={whole}>
      {inspector.open ? (
        <PanelSplit
          direction={width < narrow ? "down" : "right"}
          label="Size of the inspector"
          first={diagram}
          second={<Inspector network={props.shown.network} />}
          share={inspector.share}
          onShare={(share) => store.dispatch({ kind: "arrangeInspector", change: { share } })}
        />
      ) : (
        diagram
      )}
    </div>
  );
}

type ShownNetwork = Extract<DocumentState, { kind: "network" }>;

interface DiagramProps {
  readonly shown: ShownNetwork;
  readonly engine: LayoutEngine;
  readonly camera: React.Ref<DiagramCamera>;
}

function Diagram({ shown: { version, network }, engine, camera }: DiagramProps) {
  return <DiagramView version={version} network={network} engine={engine} camera={camera} />;
}

function Warnings({ shown: { network, problem } }: { readonly shown: ShownNetwork }) {
  const state = useSelected(({ training }) => training.state);
  const stale = useSelected(({ live }) => live.stale && live.snapshot !== undefined);
  const isBlock = useSelected(drawsBlock);
  return (
    <>
      {state.kind === "failed" && <Banner severity="error">{state.message}</Banner>}
      {problem !== undefined && <Banner severity="error">{problem}</Banner>}
      {problem === undefined && !isBlock && !network.complete && (
        <Banner severity="warning">
          {network.name} is not complete: it cannot run until the errors in its text are fixed.
        </Banner>
      )}
      {stale && (
        <Banner severity="warning">
          The text has changed since: the dimmed numbers are those of the network before.
        </Banner>
      )}
    </>
  );
}

const example = `network Classifier(point: [2]) {
  return point
    -> Dense(16) -> ReLU
    -> Dense(3) -> Softmax
}`;

function NoNetwork({ problem }: { readonly problem?: string }) {
  if (problem !== undefined)
    return (
      <Notice icon="warning" title="There is no diagram to show.">
        <p>{problem}</p>
      </Notice>
    );
  return (
    <Notice icon="type-hierarchy-sub" title="This file declares no network yet.">
      <p>Write one, and its diagram appears here:</p>
      <pre>{example}</pre>
    </Notice>
  );
}
