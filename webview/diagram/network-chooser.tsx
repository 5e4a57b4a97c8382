// What of the file is drawn: one of its networks, or a block that none of them uses.

import type { Drawable } from "../../engine/protocol/webview";
import { useSelected, useSession } from "../store";

const nothing: readonly Drawable[] = [];

export function useDrawable(): readonly Drawable[] {
  return useSelected(({ document }) => (document.kind === "network" ? document.drawable : nothing));
}

export function NetworkChooser({ drawn }: { readonly drawn: string }) {
  const { post } = useSession();
  const drawable = useDrawable();
  return (
    <select
      aria-label="Network that is drawn"
      value={drawn}
      onChange={({ target }) => post({ kind: "draw", network: target.value })}
    >
      {drawable.map(({ name, kind }) => (
        <option key={name} value={name}>
          {kind} {name}
        </option>
      ))}
    </select>
  );
}
