import { type RefObject, useEffect } from "react";

/**
 * Gives the focus to the heading when the element that had it is removed, such as the button of an act that is done: else the
 * next press of Tab would begin at the top of the page.
 */
export function useKeptFocus(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let focused: Element | null = null;
    const onFocusIn = () => {
      focused = document.activeElement;
    };
    // A press beside all controls takes the focus from them on purpose.
    const onPointerDown = () => {
      focused = null;
    };
    const observer = new MutationObserver(() => {
      if (focused?.isConnected === false && document.activeElement === document.body) {
        heading.current?.focus({ preventScroll: true });
      }
    });
    addEventListener("focusin", onFocusIn);
    addEventListener("pointerdown", onPointerDown);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      removeEventListener("focusin", onFocusIn);
      removeEventListener("pointerdown", onPointerDown);
      observer.disconnect();
    };
  }, [heading]);
}
