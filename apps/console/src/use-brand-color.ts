import { useLayoutEffect } from "react";
import type { SessionState } from "./session.ts";

/** Gives the main buttons the colour of the operator. */
export function useBrandColor(brand: SessionState["brand"] | undefined): void {
  const { color = null, textColor = null } = brand ?? {};
  useLayoutEffect(() => {
    if (color === null || textColor === null) return;
    const { style } = document.documentElement;
    style.setProperty("--brand", color);
    style.setProperty("--brand-strong", color);
    style.setProperty("--on-brand", textColor);
  }, [color, textColor]);
}
