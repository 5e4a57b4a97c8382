// The diagram on the screen: React Flow draws, the layout places, clicks and keys become gestures or are answered with messages.

import { type EdgeTypes, type NodeTypes, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { type KeyboardEvent, type Ref, useCallback, useEffect, useMemo, useRef } from "react";
import type { Network } from "../../engine/protocol/network";
import { Banner, Notice } from "../notice";
import { Palette } from "../palette/palette";
import { drawsBlock, useSelected, useSession } from "../store";
import { isActive } from "../training-controls";
import { useSize } from "../use-size";
import { type ActionContext, actionOfKey, actions, shortcutsOf } from "./actions";
import { type Diagram, diagramOf } from "./diagram-model";
import { EdgeLegend } from "./edge-legend";
import { collapsedIn } from "./editing-state";
import { EditorContext, useNewEditor } from "./editor";
import { drawsOnlyView, FlowElements } from "./flow-elements";
import { GroupFrame } from "./group-frame";
import type { LayoutEngine } from "./layout";
import { directionOfKey, neighbor } from "./navigation";
import { NetworkHeader } from "./network-header";
import { useOverview } from "./overview";
import { picked } from "./picking";
import { usePulse } from "./pulse";
import { RoutedEdge } from "./routed-edge";
import { Tools } from "./tools";
import { type DiagramCamera, useCamera } from "./use-camera";
import { hasArguments, useDrag } from "./use-drag";
import { useExport } from "./use-export";
import { useFocus } from "./use-focus";
import { type LayoutState, useLayout } from "./use-layout";
import { useMoving } from "./use-moving";
import { ValueNode } from "./value-node";
import { largestZoom, smallestZoom } from "./viewport";

const nodeTypes: NodeTypes = { value: ValueNode, frame: GroupFrame };
const edgeTypes: EdgeTypes = { routed: RoutedEdge };
const shortcuts = shortcutsOf(Object.values(actions));

/** Less is a click. */
const dragThreshold = 4; // pixels

const multiSelectionKeys = ["Shift", "Control", "Meta"];

interface DiagramViewProps {
  readonly version: number;
  readonly network: Network;
  readonly engine: LayoutEngine;
  readonly camera: Ref<DiagramCamera>;
}

export function DiagramView(props: DiagramViewProps) {
  const { direction } = useSelected(({ editing }) => editing.arrangement);
  const collapsed = useSelected(({ editing }) => collapsedIn(editing, props.network.name));
  const isBlock = useSelected(drawsBlock);
  const diagram = useDiagram(props.network, { collapsed, isBlock });
  // Room for numbers is made when a training starts, all at once: numbers themselves move nothing.
  const live = useSelected((state) => state.live.snapshot !== undefined || isActive(state.training.state));
  const layout = useLayout(props.engine, diagram, { live, direction });
  return (
    <ReactFlowProvider>
      {layout.problem && <Banner severity="error">The diagram could not be laid out: {layout.problem}</Banner>}
      {diagram.nodes.length === 0 ? (
        <Notice icon="circuit-board" title={`${props.network.name} has no values yet.`} />
      ) : (
        <Canvas {...props} diagram={diagram} layout={layout} />
      )}
    </ReactFlowProvider>
  );
}

interface DiagramChoices {
  readonly collapsed: readonly string[];
  readonly isBlock: boolean;
}

function useDiagram(network: Network, { collapsed, isBlock }: DiagramChoices): Diagram {
  const before = useRef<Diagram>(undefined);
  return useMemo(() => {
    before.current = diagramOf(network, { collapsed: new Set(collapsed), isBlock, before: before.current });
    return before.current;
  }, [network, collapsed, isBlock]);
}

function Canvas(props: DiagramViewProps & { readonly diagram: Diagram; readonly layout: LayoutState }) {
  const { network, version, camera, diagram } = props;
  const { store, post } = useSession();
  const element = useRef<HTMLDivElement>(null);
  const editing = useSelected((state) => state.editing);
  const newEditor = useNewEditor({ version, network: network.name, diagram });
  const { placed, onNodesChange, onNodeDragStop } = useMoving(props.layout.placed, { version, diagram });
  const placedNow = useRef(placed);
  useEffect(() => {
    placedNow.current = placed;
  });
  const { drag, begin } = useDrag(newEditor, placedNow);
  const editor = useMemo(() => ({ ...newEditor, drag: begin }), [newEditor, begin]);
  const { show, onMoveEnd } = useCamera({ camera, placed, panel: useSize(element) });
  const focusNode = useFocus({ element, placed, show });
  useExport(placed);

  const pulse = usePulse();
  const overview = useOverview();
  const elements = useRef(new FlowElements()).current;
  const selection = useMemo(() => new Set(editing.selection), [editing.selection]);
  const nodes = useMemo(
    () => (placed ? elements.nodesOf(placed, selection, shortcuts) : []),
    [elements, placed, selection],
  );
  const edges = useMemo(() => (placed ? elements.edgesOf(placed) : []), [elements, placed]);

  const reveal = useCallback(
    (id: string) => {
      const value = diagram.nodes.find((node) => node.id === id)?.value ?? id;
      store.dispatch({ kind: "select", id: value });
      // A use of a block stands where it is used, what it gives stands in its body.
      const isUse = network.blocks?.some(({ instance }) => instance === id);
      post({ kind: "reveal", version, id: isUse ? id : value });
    },
    [store, post, version, diagram, network],
  );

  const contextNow = (): ActionContext | undefined =>
    placed && {
      editor,
      editing: store.get().editing,
      placed,
      network,
      training: store.get().training.chosen,
      post,
      reveal,
    };

  const choose = (id: string) => {
    const { tool } = store.get().editing;
    if (tool?.kind === "pick") {
      editor.change({ kind: "openTool" });
      const openArguments = tool.gesture.kind === "insert" && hasArguments(tool.gesture.entry);
      // What is deleted cannot have the keyboard.
      const isGone = tool.gesture.kind === "delete";
      if (isGone) editor.change({ kind: "selectNodes", ids: [id] });
      void editor.edit(picked(diagram, tool, id), { focus: isGone ? id : tool.node, openArguments });
      return;
    }
    editor.change({ kind: "selectNodes", ids: [id] });
    reveal(id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const context = contextNow();
    if (!context) return;
    const { tool, selection: selected } = context.editing;
    const id = nodeAt(event.target);
    const direction = directionOfKey[event.key];
    if (tool?.kind === "pick" && event.key === "Escape") editor.change({ kind: "openTool" });
    else if (tool?.kind === "pick" && event.key === "Enter" && id !== undefined) choose(id);
    else if (direction && id !== undefined && context.placed) {
      const next = neighbor(context.placed, id, direction);
      if (next === undefined) return event.preventDefault();
      if (!tool) {
        const others = event.shiftKey ? selected.filter((each) => each !== next) : [];
        editor.change({ kind: "selectNodes", ids: [...others, next] });
      }
      focusNode(next);
    } else {
      const action = actionOfKey(event);
      // Keys are about the node that has the keyboard, and what is selected with it.
      if (action && id !== undefined && !selected.includes(id)) editor.change({ kind: "selectNodes", ids: [id] });
      const now = contextNow() ?? context;
      if (!action?.isPossible(now)) return;
      action.run(now);
    }
    event.preventDefault();
  };

  const onContextMenu = (event: React.MouseEvent) => {
    const id = nodeAt(event.target);
    event.preventDefault();
    if (id !== undefined && !selection.has(id)) editor.change({ kind: "selectNodes", ids: [id] });
    editor.change({ kind: "openTool", tool: { kind: "menu", x: event.clientX, y: event.clientY } });
  };

  /** What the node would mean is told before it is chosen. */
  const pickOver = (id: string) => {
    const { tool } = store.get().editing;
    if (tool?.kind === "pick" && tool.over !== id) editor.change({ kind: "openTool", tool: { ...tool, over: id } });
  };

  const onFocus = ({ target }: React.FocusEvent) => {
    const id = nodeAt(target);
    if (id === undefined || !target.matches(":focus-visible")) return;
    // Whoever arrives by keyboard sees where; a click is where the eyes already are.
    show(id);
    pickOver(id);
    const { tool, selection: selected } = store.get().editing;
    if (!tool && !selected.includes(id)) editor.change({ kind: "selectNodes", ids: [id] });
  };

  const context = contextNow();
  return (
    <EditorContext value={editor}>
      <div className="diagram-and-palette">
        {editing.arrangement.palette && <Palette />}
        <div className="diagram-column">
          {context && <NetworkHeader context={context} />}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the nodes inside, which are focusable. */}
          <div
            // Alternating names begin the animation again.
            className={`diagram${pulse === undefined ? "" : ` pulse-${pulse % 2}`}${overview ? " is-overview" : ""}${markOf(editing.tool?.kind)}`}
            ref={element}
            data-version={version}
            aria-busy={props.layout.problem === undefined && props.layout.placed?.diagram !== diagram}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
            onContextMenu={onContextMenu}
          >
            <ReactFlow
              nodes={nodes}
              edges={edges}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              aria-label={`Diagram of network ${network.name}`}
              minZoom={smallestZoom}
              maxZoom={largestZoom}
              nodesConnectable={false}
              edgesFocusable={false}
              edgesReconnectable={false}
              nodesFocusable
              disableKeyboardA11y
              deleteKeyCode={null}
              multiSelectionKeyCode={multiSelectionKeys}
              nodeDragThreshold={dragThreshold}
              selectNodesOnDrag={false}
              zoomOnDoubleClick={false}
              onlyRenderVisibleElements={placed !== undefined && drawsOnlyView(placed.diagram)}
              panOnScroll
              onMoveEnd={onMoveEnd}
              onNodesChange={onNodesChange}
              onNodeDragStop={onNodeDragStop}
              onNodeClick={({ shiftKey, ctrlKey, metaKey }, { id }) => {
                if (!shiftKey && !ctrlKey && !metaKey) choose(id);
              }}
              onNodeMouseEnter={(_, { id }) => pickOver(id)}
              onNodeDoubleClick={(_, { id }) => {
                editor.change({ kind: "selectNodes", ids: [id] });
                const now = contextNow();
                if (now) actions.arguments!.run(now);
              }}
              onPaneClick={() => editor.change({ kind: "selectNodes", ids: [] })}
            />
            <EdgeLegend />
            {context && <Tools context={context} element={element} focusNode={focusNode} drag={drag} />}
          </div>
        </div>
      </div>
    </EditorContext>
  );
}

function markOf(tool: string | undefined): string {
  return tool === "pick" ? " is-picking" : "";
}

function nodeAt(target: EventTarget): string | undefined {
  const wrapper = target instanceof Element ? target.closest<HTMLElement>(".react-flow__node") : null;
  return wrapper?.dataset.id;
}
