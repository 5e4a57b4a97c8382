// The ids of all commands, as package.json contributes them.

export const commands = [
  "nnet.train",
  "nnet.resumeFromCheckpoint",
  "nnet.run",
  "nnet.step",
  "nnet.pause",
  "nnet.resume",
  "nnet.stop",
  "nnet.resetWeights",
  "nnet.openDiagram",
  "nnet.layOutDiagram",
  "nnet.exportSvg",
  "nnet.exportPng",
  "nnet.insertLayer",
  "nnet.deleteValue",
  "nnet.rewireInput",
  "nnet.addToValue",
  "nnet.wrapInBlock",
  "nnet.expandBlock",
  "nnet.runChecks",
  "nnet.check",
  "nnet.derive",
  "nnet.explainGradient",
  "nnet.showInDiagram",
  "nnet.newNetwork",
  "nnet.explainDiagnostics",
  "nnet.showActions",
] as const;

export type CommandId = (typeof commands)[number];
