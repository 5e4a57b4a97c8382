// What does not fit, told by shape errors.

import { ShapeError } from "../../../engine/model/shape";

/** The error that the action ends with. */
export function thrown(action: () => unknown): ShapeError {
  try {
    action();
  } catch (error) {
    if (error instanceof ShapeError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}
