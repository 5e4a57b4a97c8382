// Preloaded (`node --import`) into every process the harness starts: ends it when the harness goes away, even by
// `kill -9`. Without it VS Code's server and extension host stayed for hours, waiting for a window to reconnect.
// The process's standard input is a pipe from the harness; its end is the one signal that always arrives.
//
// JavaScript, because both Node 20 (vitest) and the server's Node load it without a compiler.

const request = "DIE_WITH_PARENT";

if (process.env[request]) {
  // Only for this process: children and worker threads inherit `--import`, but their input is not our pipe.
  delete process.env[request];
  process.stdin.on("end", () => process.exit(1));
  process.stdin.on("error", () => process.exit(1));
  process.stdin.resume();
  process.stdin.unref?.();
}
