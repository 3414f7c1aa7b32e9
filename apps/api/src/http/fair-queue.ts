/** A queue that serves its groups in turn: a group with many items does not delay the items of the others. */
export class FairQueue<Item> {
  /** The first group is the next to be served; a served group moves to the end. */
  readonly #groups = new Map<string, Set<Item>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds an item behind the others of its group. */
  add(group: string, item: Item): void {
    const items = this.#groups.get(group) ?? new Set();
    if (items.has(item)) return;
    if (items.size === 0) this.#groups.set(group, items);
    items.add(item);
    this.#size += 1;
  }

  /** The item that `take` would return; undefined when the queue is empty. */
  peek(): Item | undefined {
    for (const items of this.#groups.values()) for (const item of items) return item;
    return undefined;
  }

  /** Removes and returns the first item of the next group, among the groups that are ready. */
  take(isReady: (group: string) => boolean = () => true): Item | undefined {
    for (const [group, items] of this.#groups) {
      if (!isReady(group)) continue;
      for (const item of items) {
        this.delete(group, item);
        // The group waits for its next turn behind all others.
        if (this.#groups.delete(group)) this.#groups.set(group, items);
        return item;
      }
    }
    return undefined;
  }

  /** Removes an item that no longer waits. */
  delete(group: string, item: Item): void {
    const items = this.#groups.get(group);
    if (!items?.delete(item)) return;
    this.#size -= 1;
    if (items.size === 0) this.#groups.delete(group);
  }

  /** How many items of a group wait. */
  sizeOf(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }
}
