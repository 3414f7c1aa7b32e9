import { type ReactNode, useId } from "react";

type PanelProps = {
  readonly title: string;
  /** Beside the title: a link to the page with all of it. */
  readonly link?: ReactNode;
  readonly children: ReactNode;
};

/** A part of a page with a heading. */
export function Panel({ title, link, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-2 rounded-md border border-line bg-card p-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id={id} className="text-muted">
          {title}
        </h2>
        {link}
      </div>
      {children}
    </section>
  );
}
