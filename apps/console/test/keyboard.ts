import type { Page } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect } from "vitest";

/** The element that has the focus. */
type Focus = {
  /** What it is called: its label, else its text. */
  readonly name: string;
  readonly tag: string;
  /** Whether a person sees that it has the focus: it has an outline, and lies on the screen. */
  readonly isVisible: boolean;
  /** The name of the open dialog that it is in. */
  readonly dialog: string | undefined;
};

const MAX_STEPS = 80;

/** The element that has the focus; the body when none has. */
const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle } = getComputedStyle(element);
    const { top, bottom, left, right, width } = element.getBoundingClientRect();
    const isOnScreen = width > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const labels = (element as HTMLInputElement).labels;
    const label = element.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element.textContent;
    const dialog = element.closest("dialog");
    return {
      name: label.trim(),
      tag: element.tagName,
      isVisible: isOnScreen && element.matches(":focus-visible") && outlineStyle !== "none",
      dialog: dialog?.querySelector("h2")?.textContent,
    };
  });

/** Presses Tab until an element with this name has the focus. Every stop on the way must be visible. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const stops: string[] = [];
  const isThere = (focus: Focus) => (typeof name === "string" ? focus.name === name : name.test(focus.name));
  for (let step = 0; step < MAX_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const focus = await focusOf(page);
    // Leaving a dialog, the focus passes the browser's own bar.
    if (focus.tag === "BODY") continue;
    stops.push(focus.name);
    expect(focus, `after ${stops.join(", ")}`).toMatchObject({ isVisible: true });
    if (isThere(focus)) return;
  }
  throw new Error(`Tab did not reach ${name}, but ${stops.join(", ")}`);
}

/** Waits until an element with this name has the focus. */
export const expectFocus = (page: Page, expected: Partial<Focus>): Promise<void> =>
  expect.poll(() => focusOf(page), { timeout: timeLimit(20) }).toMatchObject(expected);
