// VS Code's settings: for tests (quiet and the same on every run) and for a person (`npm start`).

export type Settings = Record<string, unknown>;

/** Nothing pops up, looks things up on the network or takes the keyboard focus. */
const calm: Settings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  // The chat panel would open by itself and take the keyboard focus.
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "chat.agent.enabled": false,
  "chat.agentHost.enabled": false,
  "chat.mcp.discovery.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.enableExperiments": false,
  "security.workspace.trust.enabled": false,
  "remote.autoForwardPorts": false,
};

export const testSettings: Settings = {
  ...calm,
  // Always explicit: the default follows the browser's preference.
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.reduceMotion": "on",
  "workbench.editor.enablePreview": false,
  "window.menuBarVisibility": "compact",
  "window.confirmBeforeClose": "never",
  "git.enabled": false,
  "files.autoSave": "off",
  "files.hotExit": "off",
  "editor.accessibilitySupport": "off",
  "editor.cursorBlinking": "solid",
  "editor.fontFamily": "'DejaVu Sans Mono', monospace",
  "editor.minimap.enabled": false,
  // Typed text arrives as typed; a test that wants completion asks for it.
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
};

export const personSettings: Settings = {
  ...calm,
  "workbench.colorTheme": "Default Dark Modern",
  "window.menuBarVisibility": "compact",
  "files.autoSave": "afterDelay",
  "editor.minimap.enabled": false,
};
