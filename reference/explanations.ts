// What each diagnostic means and what to do about it, by its code.

import type { Explanation } from "./explanation";
import { advice } from "./explanations/advice";
import { ofChecks } from "./explanations/checks";
import { ofLanguage } from "./explanations/language";
import { ofNetworks } from "./explanations/networks";
import { ofTrainings } from "./explanations/trainings";

export const explanations: Readonly<Record<string, Explanation>> = {
  ...ofLanguage,
  ...ofNetworks,
  ...ofTrainings,
  ...ofChecks,
  ...advice,
};
