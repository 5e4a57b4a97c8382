// Property tests try the same cases in every run, so that a failure comes from what was changed and not from luck. To try
// others: `SEED=2 npm test -- --only unit`.

import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });
