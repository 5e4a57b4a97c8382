// VS Code's own preview of Markdown.

import type { Frame } from "playwright-core";
import type { VSCode } from "../fixture";

/** The frame of the preview that says what is expected. */
export async function preview(vs: VSCode, expected: RegExp): Promise<Frame> {
  let found: Frame | undefined;
  const read = async (): Promise<readonly string[]> => {
    const texts: string[] = [];
    for (const frame of vs.page.frames()) {
      const body = frame.locator(".markdown-body");
      const text = await body.innerText({ timeout: 500 }).catch(() => "");
      if (expected.test(text)) found = frame;
      if (text !== "") texts.push(text.slice(0, 500));
    }
    return texts;
  };
  await vs.eventually(read, () => found !== undefined, `No preview says ${expected}`);
  return found!;
}
