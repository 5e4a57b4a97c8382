// What the whole network and its training are told in numbers, over the diagram: a press changes them where they are written.

import { Icon } from "../controls";
import { useSelected } from "../store";
import { type ActionContext, actions, type DiagramAction, keyName } from "./actions";
import { NetworkChooser, useDrawable } from "./network-chooser";

export function NetworkHeader({ context }: { readonly context: ActionContext }) {
  const training = useSelected((state) => state.training.chosen);
  const { attributes, name } = context.network;
  const hasChoice = useDrawable().length > 1;
  if (attributes.length === 0 && training === undefined && !hasChoice) return null;
  return (
    <div className="network-header">
      {hasChoice && <NetworkChooser drawn={name} />}
      {attributes.length > 0 && (
        <HeaderButton context={context} action={actions.attributes!} icon="symbol-parameter">
          {attributes.map(({ name, value }) => `${name} = ${value}`).join(", ")}
        </HeaderButton>
      )}
      {training !== undefined && (
        <HeaderButton context={{ ...context, training }} action={actions.training!} icon="settings">
          {training}
        </HeaderButton>
      )}
    </div>
  );
}

interface HeaderButtonProps {
  readonly context: ActionContext;
  readonly action: DiagramAction;
  readonly icon: string;
  readonly children: string;
}

function HeaderButton({ context, action, icon, children }: HeaderButtonProps) {
  const hint = `${action.title} (${keyName(action.keys[0]!)})`;
  return (
    <button type="button" title={hint} aria-label={`${children}: ${hint}`} onClick={() => action.run(context)}>
      <Icon name={icon} />
      <span>{children}</span>
    </button>
  );
}
