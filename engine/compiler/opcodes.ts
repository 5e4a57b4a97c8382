// The numbers by which a program names its kernels. Read twice: as TypeScript by the host, as AssemblyScript by the kernels.

export enum Opcode {
  /** An op without a kernel: the host runs its plain forward. Its only argument is the number of the step. */
  host = 0,

  // Linear algebra: kernels/matmul.ts
  matmul = 10,

  // Convolutions and pooling: kernels/convolution.ts
  conv2d = 20,
  conv2dInput = 21,
  conv2dWeights = 22,
  maxPool2d = 23,
  largest2d = 24,
  takeAt = 25,
  spreadAt = 26,

  // Elementwise: kernels/elementwise.ts
  copy = 40,
  unary = 41,
  binary = 42,
  select = 43,

  // Reductions and rows: kernels/reduction.ts
  reduce = 60,
  softmax = 61,
  logSoftmax = 62,

  // Movement and random numbers: kernels/movement.ts
  concat = 80,
  embed = 81,
  oneHot = 82,
  dropoutMask = 83,

  // Updates: kernels/optimizers.ts
  expectFinite = 100,
  clipNorm = 101,
  clipValue = 102,
  sgd = 103,
  rmsProp = 104,
  adagrad = 105,
  adam = 106,

  // What people look at: kernels/summary.ts
  summarize = 120,
}
