import { type KeyboardEvent, useRef } from "react";

/** A list that a `<details>` opens. Escape closes it, and its summary gets the focus back. */
export function useMenu() {
  const ref = useRef<HTMLDetailsElement>(null);
  const close = () => {
    // An item has the focus, and cannot keep it in a closed list.
    ref.current?.querySelector("summary")?.focus();
    ref.current?.removeAttribute("open");
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Escape") close();
  };
  return { close, attributes: { ref, onKeyDown } };
}
