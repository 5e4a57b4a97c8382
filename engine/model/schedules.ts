// Schedules: how the learning rate changes while training. Each gives a factor for the optimizer's own rate, and needs
// nothing but the position: no state, so a training can be repeated or resumed at any step.

import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { integer, lookUp, number, typedArguments } from "./arguments";

/** Where a training stands before an update. */
export interface SchedulePosition {
  /** Updates made so far. */
  readonly step: number;
  /** Whole passes over the data made so far. */
  readonly epoch: number;
  /** Updates of one pass over the data. */
  readonly stepsPerEpoch: number;
  /** Updates of the whole training. */
  readonly totalSteps: number;
}

/** What the optimizer's learning rate is multiplied by for the next update. */
export type Schedule = (position: SchedulePosition) => number;

/** Throws when there is no schedule of this name. */
export function schedule({ name, arguments: args }: Call): Schedule {
  const record = lookUp<ScheduleRecord>(schedules, name);
  if (!record) throw new Error(`There is no schedule ${name}.`);
  return record.create(args);
}

const factor = (value: number, per: string) =>
  number({ above: 0, max: 1, default: value, summary: `What the learning rate is multiplied by ${per}, γ.` });

export const schedules = {
  Constant: define({
    summary: "The learning rate stays as it is.",
    equation: String.raw`\eta_t = \eta`,
    source: "",
    arguments: {},
    create: () => () => 1,
  }),
  Step: define({
    summary: "Multiplies the learning rate by a factor every few epochs.",
    equation: String.raw`\eta_e = \eta\,\gamma^{\lfloor e / k \rfloor}`,
    source: "torch.optim.lr_scheduler.StepLR",
    arguments: {
      every: integer({ min: 1, summary: "After how many epochs, k." }),
      factor: factor(0.1, "each time"),
    },
    create:
      ({ every, factor }) =>
      ({ epoch }) =>
        factor ** Math.floor(epoch / every),
  }),
  Exponential: define({
    summary: "Multiplies the learning rate by a factor after every epoch.",
    equation: String.raw`\eta_e = \eta\,\gamma^{e}`,
    source: "torch.optim.lr_scheduler.ExponentialLR",
    arguments: { factor: factor(0.95, "after each epoch") },
    create:
      ({ factor }) =>
      ({ epoch }) =>
        factor ** epoch,
  }),
  Cosine: define({
    summary:
      "Lowers the learning rate along half a cosine, to almost 0 at the end of the training; it changes with every step. With a warm-up it first rises in equal steps.",
    equation: String.raw`\eta_t = \begin{cases} \eta\,\frac{t + 1}{w + 1} & t < w \\ \tfrac12\,\eta \left(1 + \cos \pi \frac{t - w}{T - w}\right) & t \ge w \end{cases}`,
    source:
      "Loshchilov & Hutter 2017, eq. 5, without restarts; torch.optim.lr_scheduler.LinearLR and CosineAnnealingLR",
    arguments: {
      warmup: number({
        min: 0,
        default: 0,
        summary: "Epochs in which the learning rate rises, also a part of one; w is the same in steps.",
      }),
    },
    create:
      ({ warmup }) =>
      ({ step, stepsPerEpoch, totalSteps }) => {
        const rising = Math.round(warmup * stepsPerEpoch);
        if (step < rising) return (step + 1) / (rising + 1);
        const part = Math.min(1, (step - rising) / Math.max(1, totalSteps - rising));
        return (1 + Math.cos(Math.PI * part)) / 2;
      },
  }),
};

interface ScheduleRecord extends Described {
  readonly category: string;
  create(args: Arguments): Schedule;
}

function define<Specs extends ArgumentSpecs>(
  record: Omit<Described<Specs>, "gradient"> & { create(args: ArgumentsOf<Specs>): Schedule },
): ScheduleRecord {
  return {
    ...record,
    category: "schedule",
    gradient: "",
    create: (args) => record.create(typedArguments(record.arguments, args)),
  };
}
