// Answers for @microsoft/1ds-core-js: telemetry that is never sent.
export class AppInsightsCore {
  initialize() {}
  track() {}
  unload() {}
}
