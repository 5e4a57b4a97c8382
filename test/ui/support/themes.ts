// The color themes tests switch between.

/** Short name → the setting's value and the class VS Code's workbench gets. */
export const themes = {
  dark: { setting: "Default Dark Modern", workbenchClass: "vs-dark" },
  light: { setting: "Default Light Modern", workbenchClass: "vs" },
  "high-contrast": { setting: "Default High Contrast", workbenchClass: "hc-black" },
  "high-contrast-light": { setting: "Default High Contrast Light", workbenchClass: "hc-light" },
} as const;

export type ThemeName = keyof typeof themes;
