import type { ReactNode } from "react";

/** One step of what happened. */
type Step = { readonly title: string; readonly content: ReactNode };

/** What happened, top to bottom on one line of time. */
export const Steps = ({ steps }: { readonly steps: readonly Step[] }) => (
  <ol className="grid">
    {steps.map(({ title, content }) => (
      <li key={title} className="relative grid min-w-0 gap-1 border-l border-line pb-5 pl-5 last:pb-0">
        <span
          aria-hidden
          className="absolute top-1.5 -left-1 size-2 rounded-full bg-seal forced-colors:bg-[CanvasText]"
        />
        <h2 className="font-semibold">{title}</h2>
        <div className="grid min-w-0 gap-1 wrap-anywhere">{content}</div>
      </li>
    ))}
  </ol>
);
