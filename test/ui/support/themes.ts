// The color themes tests switch between.

/** Short name → the setting's value, the class VS Code's workbench gets, and what a webview's body says of it. */
export const themes = {
  dark: { setting: "Default Dark Modern", workbenchClass: "vs-dark", webviewKind: "vscode-dark" },
  light: { setting: "Default Light Modern", workbenchClass: "vs", webviewKind: "vscode-light" },
  "high-contrast": {
    setting: "Default High Contrast",
    workbenchClass: "hc-black",
    webviewKind: "vscode-high-contrast",
  },
  "high-contrast-light": {
    setting: "Default High Contrast Light",
    workbenchClass: "hc-light",
    webviewKind: "vscode-high-contrast-light",
  },
} as const;

export type ThemeName = keyof typeof themes;
