import { Link, type LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";

/** A place that a navigation leads to. */
export type NavigationPlace = {
  readonly to: NonNullable<LinkProps["to"]>;
  readonly icon: LucideIcon;
  readonly title: string;
  /** Whether the pages below it are other places. */
  readonly isExact?: boolean;
};

type PlaceLinkProps = { readonly place: NavigationPlace; readonly className: string };

/** A link of a navigation, which shows whether the page is this place. */
export const PlaceLink = ({ place: { to, icon: Icon, title, isExact = false }, className }: PlaceLinkProps) => (
  <Link
    to={to}
    activeOptions={{ exact: isExact }}
    className={`rounded-md no-underline ${className}`}
    activeProps={{
      className:
        "bg-seal-soft font-medium text-seal forced-colors:bg-[Highlight] forced-colors:text-[HighlightText] forced-colors:forced-color-adjust-none",
      "aria-current": "page",
    }}
    inactiveProps={{ className: "text-muted hover:bg-sunken hover:text-ink" }}
  >
    <Icon size={18} aria-hidden className="shrink-0" />
    {title}
  </Link>
);
