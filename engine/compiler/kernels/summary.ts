// Statistics and histograms of what people look at. AssemblyScript.

export function summarize(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
