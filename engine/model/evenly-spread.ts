// A sequence without end of which a bounded part is kept, evenly spread. Worker and editor thin what they keep of a training
// by it, so that both keep the same moments.

interface Entry<Item> {
  readonly position: number;
  readonly item: Item;
}

/** Items at positions 0, stride, 2 · stride, … are kept for good; any other only as long as it is the newest. */
export class EvenlySpread<Item> {
  private entries: Entry<Item>[] = [];
  private stride = 1;
  private count = 0;

  /** Oldest first. */
  get items(): readonly Item[] {
    return this.entries.map(({ item }) => item);
  }

  get newest(): Item | undefined {
    return this.entries.at(-1)?.item;
  }

  /** Whether the item that comes next is kept for good, as far as can be known. */
  get keepsNext(): boolean {
    return this.isKept(this.count);
  }

  /** `most` is how many may be kept: the first and this one are in any case. */
  add(item: Item, most: number): void {
    const position = this.count;
    this.skip();
    this.entries.push({ position, item });
    while (this.entries.length > Math.max(2, most)) {
      this.stride *= 2;
      this.entries = this.entries.filter((each) => this.isKept(each.position) || each.position === position);
    }
  }

  /** Counts an item that is not given. */
  skip(): void {
    this.count++;
    const newest = this.entries.at(-1);
    if (newest && !this.isKept(newest.position)) this.entries.pop();
  }

  /** Gives another item the place of the one that came last, if that one is kept. */
  replaceLast(item: Item): void {
    const position = this.count - 1;
    if (this.entries.at(-1)?.position === position) this.entries[this.entries.length - 1] = { position, item };
  }

  private isKept(position: number): boolean {
    return position % this.stride === 0;
  }
}
