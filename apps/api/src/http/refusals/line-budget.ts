const WINDOW_MS = 60_000;
/** Log lines of one kind in a window. */
export const LINES_PER_WINDOW = 30;
/** Lines of one kind and address in a window: a flood from one address must not hide the others. */
export const LINES_PER_ADDRESS = 10;

type Window = { lines: number; suppressed: number; readonly byAddress: Map<string, number> };

/**
 * Bounds how many log lines of one kind are written in a minute. What is suppressed is reported once, at the end of its
 * window: an attacker chooses how many requests are refused, and must not choose the size of the log.
 */
export class LineBudget {
  readonly #windows = new Map<string, Window>();
  readonly #onSuppressed: (kind: string, count: number) => void;

  constructor(onSuppressed: (kind: string, count: number) => void) {
    this.#onSuppressed = onSuppressed;
  }

  /** Takes one line; false when the budget of the kind or of the address is used up. */
  take(kind: string, address: string): boolean {
    const window = this.#windows.get(kind) ?? this.#open(kind);
    const ofAddress = window.byAddress.get(address) ?? 0;
    if (window.lines >= LINES_PER_WINDOW || ofAddress >= LINES_PER_ADDRESS) {
      window.suppressed += 1;
      return false;
    }
    window.lines += 1;
    window.byAddress.set(address, ofAddress + 1);
    return true;
  }

  #open(kind: string): Window {
    const window: Window = { lines: 0, suppressed: 0, byAddress: new Map() };
    this.#windows.set(kind, window);
    setTimeout(() => {
      this.#windows.delete(kind);
      if (window.suppressed > 0) this.#onSuppressed(kind, window.suppressed);
    }, WINDOW_MS).unref();
    return window;
  }
}
