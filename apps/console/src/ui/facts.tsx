import type { ReactNode } from "react";

type Fact = { readonly term: string; readonly value: ReactNode };

/** Names and values in a line that wraps: the head of a page about one thing. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl className="flex flex-wrap gap-x-8 gap-y-3">
    {facts.map(({ term, value }) => (
      <div key={term} className="min-w-0">
        <dt className="text-muted">{term}</dt>
        <dd className="font-medium wrap-anywhere">{value}</dd>
      </div>
    ))}
  </dl>
);
