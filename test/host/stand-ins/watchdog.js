// Answers for @vscode/native-watchdog, a native module: ends this process when its parent is gone.
const exitCodeOfTheOriginal = 87;

export function start(parentPid) {
  setInterval(() => {
    try {
      process.kill(parentPid, 0);
    } catch {
      process.exit(exitCodeOfTheOriginal);
    }
  }, 1000).unref();
}

export function exit(code) {
  process.exit(code);
}
