// The worked example of the lecture that the language's specification begins with, and its block, for tests of every part.

export const masha = `network Masha(X: [2]) {
  param W1 = [[1, -1], [0.5, 0]]
  param W2 = [[0.5], [1]]
  H1 = X @ W1
  O1 = max(0, H1)
  y  = O1 @ W2
  return y
}
`;

/** Statements of a check of it on `mashaInputs`. */
export const oneStep = `target: [[2], [1]]
  loss: HalfMSE
  optimizer: SGD(rate: 1)

  expect H1 == [[2, -1], [0, 1]]
  expect loss == 0.25
  expect grad(W2) == [[-1], [0]]
  expect grad(W1) == [[-0.25, 0], [-0.5, 0]]
  step
  expect W2 == [[1.5], [1]]`;

export const mashaInputs = "X: [[1, 2], [-1, 2]]";

export const residual = `block Residual(x, channels: int, kernel: int = 3) {
  y = x
    -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm -> ReLU
    -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm
  return ReLU(x + y)
}
`;
