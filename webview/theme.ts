// VS Code's colours reach the webview as CSS variables. Style sheets follow by themselves; a canvas has to be told.

import { useEffect, useState } from "react";

/** The computed value of the first of these variables that the theme defines. */
export function themeColor(...variables: readonly string[]): string {
  const style = getComputedStyle(document.documentElement);
  for (const variable of variables) {
    const value = style.getPropertyValue(variable).trim();
    if (value) return value;
  }
  return style.color;
}

/** The interface's font at a size in pixels, as a canvas takes it. */
export function themeFont(size: number): string {
  return `${size}px ${getComputedStyle(document.body).fontFamily}`;
}

/** A number that changes when the theme does. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setVersion((before) => before + 1));
    // VS Code sets class and attributes on the body, and the variables in the root's style.
    observer.observe(document.body, { attributeFilter: ["class", "data-vscode-theme-kind", "data-vscode-theme-id"] });
    observer.observe(document.documentElement, { attributeFilter: ["style"] });
    return () => observer.disconnect();
  }, []);
  return version;
}
