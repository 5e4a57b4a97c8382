// nnet as a process of the benchmark, like its peers: `serve-ours.ts <workload> <threads>`.

import { ours, type Threads } from "./ours";
import { serve } from "./serve";
import { type WorkloadName, workload } from "./workloads";

const given = await workload(process.argv[2] as WorkloadName);
const threads = Number(process.argv[3]) as Threads;
const first = await ours(given, threads);
first.close();
await serve({ version: first.name, differences: [], create: () => ours(given, threads) });
