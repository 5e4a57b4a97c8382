// Stopping rules: what ends a training before its last epoch. A rule folds the epochs' losses; it holds no weights.

import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { integer, lookUp, number, typedArguments } from "./arguments";

/** What a rule knows after some epochs. */
export interface Patience {
  /** The lowest loss so far; infinite before the first epoch. */
  readonly best: number;
  /** The epoch that had it, counted from 1; 0 before the first. */
  readonly bestEpoch: number;
  /** Whether the training should end now. */
  readonly isOver: boolean;
}

export interface StoppingRule {
  /** Epochs without improvement that are allowed. */
  readonly patience: number;
  /** `loss` is what is watched: of the validation when there is one, else of the training. `epoch` counts from 1. */
  next(before: Patience, epoch: number, loss: number): Patience;
}

export const untried: Patience = { best: Number.POSITIVE_INFINITY, bestEpoch: 0, isOver: false };

/** Throws when there is no stopping rule of this name. */
export function stoppingRule({ name, arguments: args }: Call): StoppingRule {
  const record = lookUp<StoppingRecord>(stoppings, name);
  if (!record) throw new Error(`There is no stopping rule ${name}.`);
  return record.create(args);
}

export const stoppings = {
  EarlyStopping: define({
    summary:
      "Ends the training when the loss has not improved for some epochs, and goes back to the weights of the best one. It watches the validation's loss, or the training's when there is no validation.",
    equation: "",
    source: "Prechelt 1998; keras.callbacks.EarlyStopping with restore_best_weights",
    arguments: {
      patience: integer({ min: 1, default: 5, summary: "Epochs without improvement after which it ends." }),
      minDelta: number({ min: 0, default: 0, summary: "By how much the loss must fall to count as an improvement." }),
    },
    create: ({ patience, minDelta }) => ({
      patience,
      next: (before, epoch, loss) =>
        loss < before.best - minDelta
          ? { best: loss, bestEpoch: epoch, isOver: false }
          : { ...before, isOver: epoch - before.bestEpoch >= patience },
    }),
  }),
};

interface StoppingRecord extends Described {
  readonly category: string;
  create(args: Arguments): StoppingRule;
}

function define<Specs extends ArgumentSpecs>(
  record: Omit<Described<Specs>, "gradient"> & { create(args: ArgumentsOf<Specs>): StoppingRule },
): StoppingRecord {
  return {
    ...record,
    category: "stopping",
    gradient: "",
    create: (args) => record.create(typedArguments(record.arguments, args)),
  };
}
