import type { ReactNode } from "react";

type ScrollRegionProps = { readonly label: string; readonly children: ReactNode };

/** A region that scrolls sideways by itself, so that the page does not; the keyboard reaches it. */
export const ScrollRegion = ({ label, children }: ScrollRegionProps) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll
    tabIndex={0}
    className="overflow-x-auto rounded-md border border-line bg-card"
  >
    {children}
  </section>
);
