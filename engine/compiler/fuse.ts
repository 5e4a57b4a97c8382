// Operations → fewer operations that compute the same: several steps of memory become one.

import type { Operations } from "./operations";

export function fused(operations: Operations): Operations {
  return operations;
}
