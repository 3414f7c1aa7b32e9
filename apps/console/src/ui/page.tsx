import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useSession } from "../session.ts";
import { useKeptFocus } from "./use-kept-focus.ts";

type PageProps = {
  readonly title: string;
  /** Beside the title: the acts of the page. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** A page: its heading, its title in the browser, and the focus after a navigation. */
export function Page({ title, actions, children }: PageProps) {
  const { state } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} · ${state.brand.name}`;
  }, [title, state.brand.name]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [pathname]);
  useKeptFocus(heading);
  return (
    <div className="grid min-w-0 gap-4">
      <div className="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="min-w-0 text-xl font-semibold wrap-anywhere">
          {title}
        </h1>
        {actions && <div className="flex flex-wrap gap-2 print:hidden">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
