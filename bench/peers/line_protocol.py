"""The measured side of the line protocol, as ../serve.ts and ../run.ts have it, for libraries in Python."""

import json
import sys
import time

import numpy as np

CHUNK_SECONDS = 0.02
WARM_UP_FRACTION = 0.2


class Workload:
    """What ../peer-workload.ts writes."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.description = json.load(file)
        self._numbers = np.fromfile(path[: -len("json")] + "f32", dtype="<f4")

    def __getitem__(self, key):
        return self.description[key]

    def numbers(self, place):
        """A copy of a tensor, float32."""
        offset, shape = place["offset"], place["shape"]
        return self._numbers[offset : offset + int(np.prod(shape))].reshape(shape).copy()


def serve(version, differences, create):
    """Answers requests until standard input ends. create() gives an object with step() and loss()."""
    answer({"kind": "ready", "version": version, "differences": differences})
    for line in sys.stdin:
        answer({"kind": "run", **timed_run(create(), json.loads(line)["run"])})


def timed_run(stepper, seconds):
    elapsed = per_step = timed(stepper, 1)
    first_loss = stepper.loss()
    count = 1
    while elapsed < seconds * WARM_UP_FRACTION:
        took = timed(stepper, count)
        elapsed += took
        per_step = took / count
        count *= 2
    chunk = max(1, round(CHUNK_SECONDS / per_step))
    seconds_per_step = []
    elapsed = 0.0
    while elapsed < seconds or not seconds_per_step:
        took = timed(stepper, chunk)
        elapsed += took
        seconds_per_step.append(took / chunk)
    return {
        "steps": chunk * len(seconds_per_step),
        "secondsPerStep": seconds_per_step,
        "firstLoss": first_loss,
        "lastLoss": stepper.loss(),
    }


def timed(stepper, count):
    start = time.perf_counter()
    for _ in range(count):
        stepper.step()
    return time.perf_counter() - start


def answer(message):
    print(json.dumps(message), flush=True)
