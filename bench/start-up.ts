// How long a workload takes from its text to the end of its first step, in this fresh process: reading, lowering, drawing
// the data, making the engine ready, one step. Prints milliseconds. `start-up.ts <workload>`

import { ours } from "./ours";
import { type WorkloadName, workload } from "./workloads";

const name = process.argv[2] as WorkloadName;
const start = performance.now();
const engine = await ours(await workload(name), 1);
engine.step();
const took = performance.now() - start;
engine.close();
process.stdout.write(String(took), () => process.exit(0));
