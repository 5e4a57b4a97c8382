// The numbers by which a program names its kernels. Read twice: as TypeScript by the host, as AssemblyScript by the kernels.

export enum Opcode {
  /** An op without a kernel: the host runs its plain forward. Its only argument is the number of the step. */
  host = 0,

  // Linear algebra: kernels/matmul.ts
  matmul = 10,

  // Convolutions: kernels/convolution.ts; pooling: kernels/pooling.ts
  conv2d = 20,
  conv2dInput = 21,
  conv2dWeights = 22,
  maxPool2d = 23,
  largest2d = 24,
  takeAt = 25,
  spreadAt = 26,
  maxPool2dGradient = 27,

  // Elementwise: kernels/elementwise.ts
  copy = 40,
  unary = 41,
  binary = 42,
  select = 43,
  transpose = 44,

  // Reductions and rows: kernels/reduction.ts
  reduce = 60,
  softmax = 61,
  logSoftmax = 62,
  softmaxGradient = 63,
  logSoftmaxGradient = 64,
  reduceColumns = 65,

  // Movement and random numbers: kernels/movement.ts
  concat = 80,
  embed = 81,
  oneHot = 82,
  dropoutMask = 83,
  gatherRows = 84,
  scatterRows = 85,
  takeOfRows = 86,
  classGradient = 87,

  // Updates: kernels/optimizers.ts
  expectFinite = 100,
  clipNorm = 101,
  clipValue = 102,
  sgd = 103,
  rmsProp = 104,
  adagrad = 105,
  adam = 106,
  momentum = 107,
  sumSquares = 108,

  // What people look at: kernels/summary.ts
  summarize = 120,
}

/** What a `unary` instruction computes. */
export enum UnaryFunction {
  negate = 0,
  abs = 1,
  sign = 2,
  sqrt = 3,
  exp = 4,
  expm1 = 5,
  log = 6,
  relu = 7,
  sigmoid = 8,
  tanh = 9,
  softplus = 10,
  erf = 11,
  clip = 12,
  /** x², x^½ and x⁻¹: powers that need no logarithm. */
  square = 13,
  squareRoot = 14,
  reciprocal = 15,
}

/** What a `binary` instruction computes. */
export enum BinaryFunction {
  add = 0,
  subtract = 1,
  multiply = 2,
  divide = 3,
  maximum = 4,
  minimum = 5,
  power = 6,
  equal = 7,
  notEqual = 8,
  less = 9,
  lessEqual = 10,
  greater = 11,
  greaterEqual = 12,
  /** Of a = dy: b is x or y. */
  reluGradient = 13,
  /** Of a = dy and b = y. */
  tanhGradient = 14,
  sigmoidGradient = 15,
  /** log(1 + eᶻ) − z t, of a = z and b = t. */
  sigmoidCrossEntropy = 16,
}

/** What a `reduce` instruction computes. */
export enum ReduceFunction {
  sum = 0,
  mean = 1,
  max = 2,
  min = 3,
  norm = 4,
}

/** What is done to the sums of a matrix product or convolution: kernels/finish.ts. */
export enum Finish {
  none = 0,
  relu = 1,
  tanh = 2,
  sigmoid = 3,
  /** Times the activation's derivative, by what the activation gave. */
  reluMask = 4,
  tanhMask = 5,
  sigmoidMask = 6,
}

/** How a matrix product goes about it: kernels/matmul.ts. */
export enum ProductWay {
  /** From blocks and panels that are packed first. */
  blocked = 0,
  /** At most four columns, from a as it is; the units must be rows. */
  narrow = 1,
  /** From a and b as they are. */
  direct = 2,
}
