import type { ReactNode } from "react";

const looks = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
} as const;

type BadgeProps = { readonly kind?: keyof typeof looks; readonly children: ReactNode };

/** A state in one word. */
export const Badge = ({ kind = "plain", children }: BadgeProps) => (
  <span className={`inline-block rounded px-1.5 text-[0.92em] whitespace-nowrap ${looks[kind]}`}>{children}</span>
);
