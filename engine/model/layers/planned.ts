// Layers the language has and this version cannot run yet.

export const plannedLayers: readonly string[] = [
  "Conv2D",
  "ConvTranspose2D",
  "DepthwiseConv2D",
  "MaxPool2D",
  "AvgPool2D",
  "GlobalAvgPool",
  "BatchNorm",
  "LSTM",
  "GRU",
  "SelfAttention",
];
