// A training that breaks down in its first step: the logarithm of −1 is not a number. It begins in line 5, in l.

export const breaking = `data Line = Table(inputs: [-1, 2], targets: [1, 3])

network Net(x) {
  param w = 1
  l = log(x)
  return w * l
}

train Net on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 500 }
`;
