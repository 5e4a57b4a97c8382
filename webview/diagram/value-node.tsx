// One node of the diagram: what it is, its shape, its parameters, and what a training says about it.

import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import type { FlowDirection } from "../../engine/protocol/editing";
import type { ValueId } from "../../engine/protocol/network";
import type { ObservedQuantity } from "../../engine/protocol/snapshot";
import { Icon } from "../controls";
import { counted, formatNumber } from "../numbers";
import { useSelected, useWatched } from "../store";
import { CollapseToggle } from "./collapse-toggle";
import { type DiagramNode, type ParameterRow, showsLife } from "./diagram-model";
import { useEditor } from "./editor";
import { HealthBadge } from "./health-badge";
import { GradientNorm, LiveRows } from "./live-rows";
import { kindIcons } from "./node-kinds";
import { useOverview } from "./overview";
import { SpokenLife } from "./spoken-life";

export type ValueNodeType = Node<
  { readonly node: DiagramNode; readonly live: boolean; readonly direction: FlowDirection },
  "value"
>;

export const ValueNode = memo(function ValueNode({
  data: { node, live, direction },
  selected: chosen,
}: NodeProps<ValueNodeType>) {
  const selected = useSelected(({ selected: cursor, editing: { selection } }) => {
    // Where the cursor stands, until something else is chosen here.
    const isChosen = cursor !== undefined && (selection.length === 0 || selection.includes(cursor));
    return isChosen && shows(node, cursor);
  });
  const stale = useSelected((state) => state.live.stale);
  useWatched([node.value, ...node.parameters.map(({ id }) => id)]);
  const overview = useOverview();
  const marks = [(selected || chosen) && "is-selected", node.broken && "is-broken", stale && "is-stale"].filter(
    Boolean,
  );
  const [before, behind] = direction === "down" ? [Position.Top, Position.Bottom] : [Position.Left, Position.Right];
  return (
    <>
      {/* The node is named and described by the list it is in; these words would be read again. */}
      <div className={`node node-${node.kind} ${marks.join(" ")}`} title={node.tooltip} aria-hidden="true">
        {node.inputCount > 0 && <Handle type="target" position={before} isConnectable={false} />}
        <NodeHeader node={node} />
        {node.parameters.length > 0 && <Parameters node={node} live={live} />}
        {live && !overview && showsLife(node) && <NodeLife node={node} />}
        {node.kind !== "output" && <Handle type="source" position={behind} isConnectable={false} />}
      </div>
      {live && showsLife(node) && <HealthBadge id={node.value} />}
      {node.kind !== "output" && !overview && <ConnectDot node={node} direction={direction} />}
    </>
  );
});

/** From here an edge is drawn to another value. */
function ConnectDot({ node, direction }: { readonly node: DiagramNode; readonly direction: FlowDirection }) {
  const { drag } = useEditor();
  return (
    <div
      className={`connect-dot connect-${direction} nodrag nopan`}
      title="Draw an edge to a value, to add this one to it"
      aria-hidden="true"
      onPointerDown={(event) => drag({ kind: "connect", from: node.id }, event)}
    />
  );
}

function shows(node: DiagramNode, id: ValueId): boolean {
  return node.id === id || node.parameters.some((row) => row.id === id);
}

function NodeHeader({ node }: { readonly node: DiagramNode }) {
  return (
    <div className="node-header">
      {node.kind === "block" || node.kind === "repeat" ? (
        <CollapseToggle id={node.id} heading={node.heading} collapsed />
      ) : (
        <Icon name={kindIcons[node.kind]} />
      )}
      <span className="node-heading">{node.heading}</span>
      {node.detail && <span className="node-detail">{node.detail}</span>}
      {node.shape && <span className="node-shape">{node.shape}</span>}
      {node.broken && (
        <span className="node-unknown">
          <Icon name="error" /> unknown shape
        </span>
      )}
    </div>
  );
}

function Parameters({ node, live }: { readonly node: DiagramNode; readonly live: boolean }) {
  return (
    <div className="node-parameters">
      <div className="node-row node-row-sum">{counted(node.parameterCount, "parameter")}</div>
      {node.parameters.map((row) => (
        <ParameterLine key={row.id} row={row} live={live} />
      ))}
    </div>
  );
}

function ParameterLine({ row, live }: { readonly row: ParameterRow; readonly live: boolean }) {
  const gradient = useQuantity(row.id)?.gradient;
  return (
    <div className="node-row" title={gradient && `Gradient of the loss, L2 norm ${formatNumber(gradient.norm)}`}>
      <span className="node-row-name">{row.name}</span>
      <span className="node-row-shape">{row.shape}</span>
      <span className="node-row-norm">{live && gradient && <GradientNorm summary={gradient} />}</span>
    </div>
  );
}

function NodeLife({ node }: { readonly node: DiagramNode }) {
  const quantity = useQuantity(node.value);
  return (
    <>
      <LiveRows quantity={quantity} kind={node.kind} />
      <SpokenLife node={node.id} quantity={quantity} />
    </>
  );
}

function useQuantity(id: ValueId): ObservedQuantity | undefined {
  return useSelected(({ live }) => live.snapshot?.quantities[id]);
}
