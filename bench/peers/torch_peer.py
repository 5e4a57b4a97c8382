"""PyTorch on the CPU: `torch_peer.py <workload.json> <threads>`."""

import sys

import torch
import torch.nn.functional as functional
from torch import nn

from blas import loaded_blas
from line_protocol import Workload, serve


class Trained:
    def __init__(self, workload):
        self.model = nn.Sequential(*[module(layer, workload) for layer in workload["layers"]])
        self.inputs = torch.from_numpy(workload.numbers(workload["inputs"]))
        targets = torch.from_numpy(workload.numbers(workload["targets"]))
        if workload["loss"] == "softmax and cross entropy":
            self.targets, self.criterion = targets.long(), functional.cross_entropy
        else:
            self.targets, self.criterion = targets[:, None], functional.binary_cross_entropy_with_logits
        self.optimizer = optimizer(workload["optimizer"], self.model.parameters())

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.last = self.criterion(self.model(self.inputs), self.targets)
        self.last.backward()
        self.optimizer.step()

    def loss(self):
        return self.last.item()


def module(layer, workload):
    kind = layer["kind"]
    if kind == "dense":
        weights = torch.from_numpy(workload.numbers(layer["W"])).T.contiguous()
        return filled(nn.Linear(weights.shape[1], weights.shape[0]), weights, layer, workload)
    if kind == "convolution":
        weights = torch.from_numpy(workload.numbers(layer["W"]))
        filters, channels, kernel, _ = weights.shape
        return filled(nn.Conv2d(channels, filters, kernel, padding="same"), weights, layer, workload)
    if kind == "maxPool":
        return nn.MaxPool2d(layer["size"])
    return {"flatten": nn.Flatten, "relu": nn.ReLU, "tanh": nn.Tanh}[kind]()


def filled(made, weights, layer, workload):
    with torch.no_grad():
        made.weight.copy_(weights)
        made.bias.copy_(torch.from_numpy(workload.numbers(layer["b"])))
    return made


def optimizer(description, parameters):
    values = description["arguments"]
    if description["name"] == "SGD":
        return torch.optim.SGD(parameters, lr=values["rate"])
    betas = (values["beta1"], values["beta2"])
    return torch.optim.Adam(parameters, lr=values["rate"], betas=betas, eps=values["epsilon"])


workload = Workload(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
serve(f"PyTorch {torch.__version__} with {loaded_blas()}", [], lambda: Trained(workload))
