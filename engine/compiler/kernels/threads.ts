// How threads begin a program together and wait for each other inside it. AssemblyScript.

import { arrivalsAt, generationAt, orderAt, sleepersAt } from "../layout";

// About 0.1 ms. The host needs less between two steps, and waking a thread that sleeps costs about as much: a tenth of it
// made two threads slower than one on steps under a millisecond.
const spins = 200_000;

/** Tells the other threads what to run. */
export function begin(program: usize, count: i32, threads: i32, scratch: usize, scratchSize: usize): void {
  store<usize>(orderAt, program);
  store<i32>(orderAt, count, 4);
  store<i32>(orderAt, threads, 8);
  store<usize>(orderAt, scratch, 12);
  store<usize>(orderAt, scratchSize, 16);
  atomic.add<i32>(generationAt, 1);
  wake(generationAt);
}

/** Waits until another run than the last is ordered, and gives its number. */
export function nextOrder(last: i32): i32 {
  return waitWhile(generationAt, last);
}

/** Waits until all threads have come here. `passed` counts the barriers of this thread, this one included. */
export function meet(passed: i32, threads: i32): void {
  const goal = passed * threads; // Wraps around together with the count of arrivals.
  let arrivals = atomic.add<i32>(arrivalsAt, 1) + 1;
  if (arrivals == goal) {
    wake(arrivalsAt);
    return;
  }
  while (arrivals - goal < 0) arrivals = waitWhile(arrivalsAt, arrivals);
}

function waitWhile(address: usize, value: i32): i32 {
  for (let spin = 0; spin < spins; spin++) {
    const found = atomic.load<i32>(address);
    if (found != value) return found;
  }
  atomic.add<i32>(sleepersAt, 1);
  while (atomic.load<i32>(address) == value) atomic.wait<i32>(address, value, -1);
  atomic.sub<i32>(sleepersAt, 1);
  return atomic.load<i32>(address);
}

function wake(address: usize): void {
  if (atomic.load<i32>(sleepersAt) > 0) atomic.notify(address, -1);
}
