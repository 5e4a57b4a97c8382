"""NumPy written by hand, as a course would, with a fast BLAS: `numpy_peer.py <workload.json>`.

The number of threads is OpenBLAS's own environment variable. Images are channels last inside, which makes a convolution
one matrix product; the first dense layer behind them gets its rows in that order.
"""

import sys

import numpy as np

from blas import loaded_blas
from line_protocol import Workload, serve

FLOAT = np.float32


class Dense:
    def __init__(self, weights, bias):
        self.parameters = [weights, bias]

    def forward(self, x):
        self.x = x
        weights, bias = self.parameters
        return x @ weights + bias

    def backward(self, dy, wants_dx):
        self.gradients = [self.x.T @ dy, dy.sum(0)]
        return dy @ self.parameters[0].T if wants_dx else None


class Convolution:
    """weights [kernel · kernel · channels, filters]; the size stays, the stride is 1."""

    def __init__(self, weights, bias, kernel):
        self.parameters = [weights, bias]
        self.kernel = kernel

    def forward(self, x):
        n, h, w, c = self.shape = x.shape
        k = self.kernel
        around = k // 2
        padded = np.pad(x, ((0, 0), (around, around), (around, around), (0, 0)))
        sn, sh, sw, sc = padded.strides
        windows = np.lib.stride_tricks.as_strided(padded, (n, h, w, k, k, c), (sn, sh, sw, sh, sw, sc))
        self.columns = np.ascontiguousarray(windows).reshape(n * h * w, k * k * c)
        weights, bias = self.parameters
        return (self.columns @ weights + bias).reshape(n, h, w, -1)

    def backward(self, dy, wants_dx):
        n, h, w, c = self.shape
        k = self.kernel
        around = k // 2
        dy = dy.reshape(n * h * w, -1)
        self.gradients = [self.columns.T @ dy, dy.sum(0)]
        if not wants_dx:
            return None
        d_columns = (dy @ self.parameters[0].T).reshape(n, h, w, k, k, c)
        dx = np.zeros((n, h + 2 * around, w + 2 * around, c), FLOAT)
        for i in range(k):
            for j in range(k):
                dx[:, i : i + h, j : j + w] += d_columns[:, :, :, i, j]
        return dx[:, around : around + h, around : around + w]


class MaxPool:
    parameters = []

    def __init__(self, size):
        self.size = size

    def forward(self, x):
        n, h, w, c = x.shape
        size = self.size
        self.x = x.reshape(n, h // size, size, w // size, size, c)
        self.y = self.x.max((2, 4), keepdims=True)
        return self.y[:, :, 0, :, 0]

    def backward(self, dy, wants_dx):
        n, h, w, c = dy.shape
        return (dy[:, :, None, :, None] * (self.x == self.y)).reshape(n, h * self.size, w * self.size, c)


class Flatten:
    parameters = []

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy, wants_dx):
        return dy.reshape(self.shape)


class ReLU:
    parameters = []

    def forward(self, x):
        self.y = np.maximum(x, 0)
        return self.y

    def backward(self, dy, wants_dx):
        return dy * (self.y > 0)


class Tanh:
    parameters = []

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dy, wants_dx):
        return dy * (1 - self.y * self.y)


class SoftmaxCrossEntropy:
    """Gives the loss and the gradient of the logits."""

    def __init__(self, targets):
        self.targets = targets.astype(np.int64)
        self.rows = np.arange(len(targets))

    def __call__(self, logits):
        shifted = logits - logits.max(1, keepdims=True)
        exponentials = np.exp(shifted)
        sums = exponentials.sum(1, keepdims=True)
        losses = np.log(sums[:, 0]) - shifted[self.rows, self.targets]
        dz = exponentials / sums
        dz[self.rows, self.targets] -= 1
        dz /= len(dz)
        return losses.mean(), dz


class SigmoidBinaryCrossEntropy:
    """Gives the loss and the gradient of the logits [N, 1]."""

    def __init__(self, targets):
        self.targets = targets[:, None]

    def __call__(self, logits):
        # log(1 + eᶻ) − t z, so that nothing overflows.
        losses = np.logaddexp(0, logits) - self.targets * logits
        dz = (1 / (1 + np.exp(-logits)) - self.targets) / FLOAT(len(logits))
        return losses.mean(), dz


class SGD:
    def __init__(self, rate):
        self.rate = FLOAT(rate)

    def update(self, layers):
        for layer in layers:
            for parameter, gradient in zip(layer.parameters, layer.gradients):
                parameter -= self.rate * gradient


class Adam:
    def __init__(self, rate, beta1, beta2, epsilon):
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, FLOAT(epsilon)
        self.moments = None
        self.steps = 0

    def update(self, layers):
        if self.moments is None:
            self.moments = [[(np.zeros_like(p), np.zeros_like(p)) for p in layer.parameters] for layer in layers]
        self.steps += 1
        beta1, beta2 = FLOAT(self.beta1), FLOAT(self.beta2)
        rate = FLOAT(self.rate / (1 - self.beta1**self.steps))
        correction = FLOAT(1 / (1 - self.beta2**self.steps))
        for layer, moments in zip(layers, self.moments):
            for parameter, gradient, (m, v) in zip(layer.parameters, layer.gradients, moments):
                m *= beta1
                m += (1 - beta1) * gradient
                v *= beta2
                v += (1 - beta2) * gradient * gradient
                parameter -= rate * m / (np.sqrt(v * correction) + self.epsilon)


class Trained:
    def __init__(self, workload):
        self.inputs = channels_last(workload.numbers(workload["inputs"]))
        self.layers = made_layers(workload)
        self.trained = [layer for layer in self.layers if layer.parameters]
        targets = workload.numbers(workload["targets"])
        softmax = workload["loss"] == "softmax and cross entropy"
        self.criterion = (SoftmaxCrossEntropy if softmax else SigmoidBinaryCrossEntropy)(targets)
        self.optimizer = made_optimizer(workload["optimizer"])

    def step(self):
        x = self.inputs
        for layer in self.layers:
            x = layer.forward(x)
        self.last, dy = self.criterion(x)
        for index in range(len(self.layers) - 1, -1, -1):
            dy = self.layers[index].backward(dy, wants_dx=index > 0)
        self.optimizer.update(self.trained)

    def loss(self):
        return float(self.last)


def channels_last(images):
    """[N, C, H, W] → [N, H, W, C]; anything else as it is."""
    return np.ascontiguousarray(images.transpose(0, 2, 3, 1)) if images.ndim == 4 else images


def made_layers(workload):
    layers = []
    image = tuple(workload["inputs"]["shape"][1:])  # [channels, height, width], then [features]
    for layer in workload["layers"]:
        kind = layer["kind"]
        if kind == "dense":
            weights = workload.numbers(layer["W"])
            if len(image) == 3:
                # The numbers come channels last, the weights' rows are channels first.
                weights = weights.reshape(*image, -1).transpose(1, 2, 0, 3).reshape(weights.shape).copy()
            layers.append(Dense(weights, workload.numbers(layer["b"])))
            image = (layer["units"],)
        elif kind == "convolution":
            weights = workload.numbers(layer["W"]).transpose(2, 3, 1, 0)
            columns = weights.reshape(-1, layer["filters"]).copy()
            layers.append(Convolution(columns, workload.numbers(layer["b"]), layer["kernel"]))
            image = (layer["filters"], image[1], image[2])
        elif kind == "maxPool":
            layers.append(MaxPool(layer["size"]))
            image = (image[0], image[1] // layer["size"], image[2] // layer["size"])
        else:
            layers.append({"flatten": Flatten, "relu": ReLU, "tanh": Tanh}[kind]())
    return layers


def made_optimizer(description):
    values = description["arguments"]
    if description["name"] == "SGD":
        return SGD(values["rate"])
    return Adam(values["rate"], values["beta1"], values["beta2"], values["epsilon"])


workload = Workload(sys.argv[1])
serve(f"NumPy {np.__version__} with {loaded_blas()}", [], lambda: Trained(workload))
