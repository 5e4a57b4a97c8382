// Marks an activation that lets little gradient through: dead units, or numbers at their bounds.

import type { ValueId } from "../../engine/protocol/network";
import { Icon } from "../controls";
import { useSelected } from "../store";
import { troubleOf } from "./health";

export function HealthBadge({ id }: { readonly id: ValueId }) {
  const health = useSelected(({ live }) => live.snapshot?.quantities[id]?.health);
  const trouble = health && troubleOf(health);
  if (!trouble) return null;
  return (
    <span className="health-badge" title={trouble.words} aria-hidden="true">
      <Icon name="warning" /> {trouble.short}
    </span>
  );
}
