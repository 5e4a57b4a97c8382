// Collects advice as diagnostics, each thing once however many trainings show it.

import type { Diagnostic, Fix, RelatedPlace, Severity } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import { type AdviceCode, type AdviceParameters, adviceMessages } from "./messages";

export interface AdviceExtras {
  readonly related?: readonly RelatedPlace[];
  /** Computed only for advice that is kept. */
  readonly fixes?: () => readonly (Fix | undefined)[];
}

export class Advice {
  private readonly found = new Map<string, Diagnostic>();

  /** No more than `room` diagnostics are kept. */
  constructor(private readonly room: number) {}

  give<C extends AdviceCode>(
    code: C,
    range: Range,
    parameters: AdviceParameters<C>,
    { related = [], fixes = () => [] }: AdviceExtras = {},
  ): void {
    const key = `${code} ${range.start} ${range.end}`;
    if (this.found.has(key) || this.found.size >= this.room) return;
    const { severity, text } = adviceMessages[code] as { severity: Severity; text: (...given: unknown[]) => string };
    const known = fixes().filter((fix) => fix !== undefined);
    this.found.set(key, { code, severity, range, message: text(...parameters), related, fixes: known });
  }

  diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()];
  }
}
