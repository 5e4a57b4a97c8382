// Waiting for what a page cannot be asked to wait for.

import type { Page } from "playwright-core";

const patience = 30_000; // ms: a busy machine takes long for everything.
const interval = 100; // ms

/** Reads until the reading is accepted. Throws, with the last one, when none is. */
export async function eventually<T, Accepted extends T = T>(
  page: Page,
  read: () => Promise<T>,
  accept: ((value: T) => boolean) | ((value: T) => value is Accepted),
  failure: (last: string) => Error,
): Promise<Accepted> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await read();
    if (accept(value)) return value as Accepted;
    if (Date.now() > deadline) throw failure(JSON.stringify(value));
    await page.waitForTimeout(interval);
  }
}
