// Runs all suites inside the extension host. The runner reads the counts from the last line printed.

import Mocha from "mocha";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", color: false, timeout: 30_000, slow: 2_000 });
  mocha.suite.emit("pre-require", globalThis, "nnet", mocha);
  await import("./language.test");
  await import("./training.test");
  await import("./checks.test");
  await import("./history.test");
  await import("./recording.test");
  await import("./completion-provider.test");
  await import("./file-moves.test");
  await import("./node-offsets.test");
  await import("./worker-client.test");
  await import("./run.test");
  await import("./diagram.test");
  const { passed, failed } = await finished(mocha);
  console.log(`@@mocha ${JSON.stringify({ passed, failed })}`);
  if (failed > 0) throw new Error(`${failed} tests failed in the extension host.`);
}

function finished(mocha: Mocha): Promise<{ passed: number; failed: number }> {
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, failed: runner.stats?.failures ?? 0 }));
  });
}
