// When the page changes while a training runs: everything that has become known at once, and then a rest, so that drawing
// never fills the time that belongs to the user.

/** A picture is followed by a rest of at least this many times what it took: a quarter of the time is for drawing, at most. */
const rest = 3;

/** Milliseconds that a change waits at most for the next frame to be drawn with. */
const patience = 300;

/** Milliseconds without a frame after which none is to be expected. */
const quiet = 1000;

export interface Drawing {
  /** Makes this change and those that wait, and calls `rested` when they are on the screen and the rest is over. */
  readonly frame: (change: () => void, rested: () => void) => void;
  /** Makes this change with the next frame; soon where none comes. */
  readonly withFrame: (change: () => void) => void;
}

/** What it needs from the browser. Times are in milliseconds. */
export interface Screen {
  readonly now: () => number;
  readonly later: (run: () => void, after: number) => void;
  /** Makes a change, and tells when it is on the screen what the page has worked for it. */
  readonly draw: (change: () => void, drawn: (took: number) => void) => void;
}

export function createDrawing({ now, later, draw }: Screen): Drawing {
  let waiting: (() => void)[] = [];
  let lastFrame = Number.NEGATIVE_INFINITY;
  const changeAll = () => {
    const changes = waiting;
    waiting = [];
    for (const change of changes) change();
  };
  return {
    frame: (change, rested) => {
      lastFrame = now();
      const both = () => {
        change();
        changeAll();
      };
      draw(both, (took) => later(rested, rest * took));
    },
    withFrame: (change) => {
      if (now() - lastFrame > quiet) return change();
      if (waiting.length === 0) later(changeAll, patience);
      waiting.push(change);
    },
  };
}

export const browserScreen: Screen = {
  now: () => performance.now(),
  later: (run, after) => void setTimeout(run, after),
  draw: (change, drawn) => {
    const start = performance.now();
    change();
    // React renders in microtasks: they are over when the next task begins.
    nextTask(() => {
      const rendering = performance.now() - start;
      requestAnimationFrame(() => {
        const frame = performance.now();
        // Callbacks of a frame come before its layout and painting, tasks after them.
        nextTask(() => drawn(rendering + performance.now() - frame));
      });
    });
  },
};

/** Sooner than any timer. */
function nextTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(undefined);
}
