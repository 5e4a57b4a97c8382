// Entry of the command line `nnet`.

import { version } from "../../package.json";
import { cli } from "./cli";
import { processTerminal } from "./terminal";

// A reader that has seen enough closes the pipe: `nnet train … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await cli(process.argv.slice(2), version, processTerminal);
