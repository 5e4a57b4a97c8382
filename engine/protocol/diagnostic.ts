// What is wrong with a text, in its user's words.

import type { Range } from "./text";

export type Severity = "error" | "warning" | "information";

export interface Diagnostic {
  /** Stable kebab-case name, one per message: `unknown-layer`. */
  readonly code: string;
  readonly severity: Severity;
  readonly range: Range;
  readonly message: string;
  /** Other places that explain it: where the other shape comes from, where the name was first used. */
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

export interface RelatedPlace {
  readonly range: Range;
  readonly message: string;
}

/** A change that removes the cause. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
