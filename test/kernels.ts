// Before the unit tests: the kernels in their newest form, so that a changed kernel is never tested as it was before.

import { buildKernels } from "../build-kernels";

export default buildKernels;
