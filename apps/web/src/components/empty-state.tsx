import type { ReactNode } from "react";

type EmptyStateProps = { readonly title: string; readonly hint?: string; readonly children?: ReactNode };

/** What a page shows instead of an empty list: why, and what to do. */
export function EmptyState({ title, hint, children }: EmptyStateProps) {
  return (
    <section className="flex flex-col items-center gap-3 rounded-2xl border border-dashed border-line px-6 py-12 text-center">
      <p className="font-medium">{title}</p>
      {hint !== undefined && <p className="max-w-sm text-sm text-muted text-pretty">{hint}</p>}
      {children}
    </section>
  );
}
