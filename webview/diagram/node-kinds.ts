// How each kind of node looks: its icon here, its colour in diagram.css under the same name.

import type { NodeKind } from "./diagram-model";

/** Codicon names. */
export const kindIcons: { readonly [K in NodeKind]: string } = {
  input: "log-in",
  parameter: "settings",
  constant: "lock",
  operation: "symbol-operator",
  layer: "layers",
  block: "package",
  repeat: "sync",
  output: "export",
};
