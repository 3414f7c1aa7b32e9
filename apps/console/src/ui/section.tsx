import type { ReactNode } from "react";

type SectionProps = { readonly title: string; readonly children: ReactNode };

/** A part of a page with a heading of its own. */
export const Section = ({ title, children }: SectionProps) => (
  <div className="grid min-w-0 gap-2">
    <h2 className="font-semibold">{title}</h2>
    {children}
  </div>
);
