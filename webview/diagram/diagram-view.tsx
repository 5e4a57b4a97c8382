// The diagram on the screen: React Flow draws, the layout places, clicks and keys are answered with messages.

import { type EdgeTypes, type NodeTypes, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { type KeyboardEvent, type Ref, useCallback, useMemo, useRef } from "react";
import type { Network } from "../../engine/protocol/network";
import { Banner, Notice } from "../notice";
import { useSelected, useSession } from "../store";
import { isActive } from "../training-controls";
import { useSize } from "../use-size";
import { type DiagramNode, diagramOf } from "./diagram-model";
import { flowEdges, flowNodes } from "./flow-elements";
import type { LayoutEngine } from "./layout";
import { directionOfKey, neighbor } from "./navigation";
import { RoutedEdge } from "./routed-edge";
import { type DiagramCamera, useCamera } from "./use-camera";
import { type LayoutState, useLayout } from "./use-layout";
import { ValueNode } from "./value-node";
import { largestZoom, smallestZoom } from "./viewport";

const nodeTypes: NodeTypes = { value: ValueNode };
const edgeTypes: EdgeTypes = { routed: RoutedEdge };

/** Beyond so many nodes only those in view are in the page, which keeps panning smooth. */
const mostAlwaysDrawn = 300;

interface DiagramViewProps {
  readonly version: number;
  readonly network: Network;
  readonly engine: LayoutEngine;
  readonly camera: Ref<DiagramCamera>;
}

export function DiagramView(props: DiagramViewProps) {
  const diagram = useMemo(() => diagramOf(props.network), [props.network]);
  // Room for numbers is made when a training starts, all at once: numbers themselves move nothing.
  const live = useSelected((state) => state.live.snapshot !== undefined || isActive(state.training.state));
  const layout = useLayout(props.engine, diagram, { live });
  return (
    <ReactFlowProvider>
      {layout.problem && <Banner severity="error">The diagram could not be laid out: {layout.problem}</Banner>}
      {diagram.nodes.length === 0 ? (
        <Notice icon="circuit-board" title={`${props.network.name} has no values yet.`} />
      ) : (
        <Canvas {...props} layout={layout} />
      )}
    </ReactFlowProvider>
  );
}

function Canvas(props: DiagramViewProps & { readonly layout: LayoutState }) {
  const { network, version, camera } = props;
  const { placed } = props.layout;
  const { store, post } = useSession();
  const element = useRef<HTMLDivElement>(null);
  const { show, onMoveEnd } = useCamera({
    camera,
    placed,
    panel: useSize(element),
  });

  const nodes = useMemo(() => (placed ? flowNodes(placed) : []), [placed]);
  const edges = useMemo(() => (placed ? flowEdges(placed) : []), [placed]);

  const reveal = useCallback(
    ({ value }: DiagramNode) => {
      store.dispatch({ kind: "select", id: value });
      post({ kind: "reveal", version, id: value });
    },
    [store, post, version],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const id = nodeAt(event.target);
    if (!placed || id === undefined) return;
    const node = placed.diagram.nodes.find((each) => each.id === id);
    const direction = directionOfKey[event.key];
    if (node && (event.key === "Enter" || event.key === " ")) reveal(node);
    else if (direction) focusNode(neighbor(placed, id, direction));
    else return;
    event.preventDefault();
  };

  const focusNode = (id: string | undefined) => {
    if (id === undefined) return;
    show(id);
    const focus = () => {
      const wrappers = element.current?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [];
      const found = [...wrappers].find((each) => each.dataset.id === id);
      found?.focus({ preventScroll: true });
      return found !== undefined;
    };
    if (!focus()) requestAnimationFrame(() => requestAnimationFrame(focus)); // It comes into the page with the view.
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the nodes inside, which are focusable.
    <div className="diagram" ref={element} onKeyDown={onKeyDown} onFocus={({ target }) => showFocused(target, show)}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        aria-label={`Diagram of network ${network.name}`}
        minZoom={smallestZoom}
        maxZoom={largestZoom}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        nodesFocusable
        disableKeyboardA11y
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > mostAlwaysDrawn}
        panOnScroll
        onMoveEnd={onMoveEnd}
        onNodeClick={(_, { data }) => reveal(data.node)}
      />
    </div>
  );
}

function nodeAt(target: EventTarget): string | undefined {
  const wrapper = target instanceof Element ? target.closest<HTMLElement>(".react-flow__node") : null;
  return wrapper?.dataset.id;
}

/** Whoever arrives by keyboard sees where; a click is where the eyes already are. */
function showFocused(target: Element, show: (id: string) => void): void {
  const id = nodeAt(target);
  if (id !== undefined && target.matches(":focus-visible")) show(id);
}
