// The same fonts on every Linux machine, from npm. Writes a font configuration; installs nothing into the system.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hostCache, hostModules } from "./paths";

/**
 * Environment that makes Chromium use DejaVu only.
 *
 * A bare Debian has no font at all: text is then of height 0 and tests wait for visible words forever.
 */
export function fontEnvironment(): NodeJS.ProcessEnv {
  const fonts = path.join(hostModules, "dejavu-fonts-ttf/ttf");
  if (process.platform !== "linux" || !existsSync(fonts)) return {};
  mkdirSync(hostCache, { recursive: true });
  const configuration = path.join(hostCache, "fonts.conf");
  writeFileSync(configuration, fontConfiguration(fonts));
  return { FONTCONFIG_FILE: configuration };
}

function fontConfiguration(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <cachedir>${path.join(hostCache, "fonts")}</cachedir>
  ${alias("monospace", "DejaVu Sans Mono")}
  ${alias("sans-serif", "DejaVu Sans")}
  ${alias("serif", "DejaVu Serif")}
  ${alias("system-ui", "DejaVu Sans")}
  <!-- Without this catch-all, unknown families such as system-ui become serif. -->
  <match target="pattern">
    <edit name="family" mode="append_last"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
`;
}

function alias(family: string, font: string): string {
  return `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
}
