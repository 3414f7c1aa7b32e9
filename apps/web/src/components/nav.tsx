import type { Language } from "@jifen/client";
import Link from "next/link";
import { wordsOf } from "../lib/wording.ts";

/** The pages of the site. */
export type PageName = "home" | "topUp" | "orders" | "history" | "generate";

const paths: Readonly<Record<PageName, string>> = {
  home: "/",
  generate: "/generate",
  topUp: "/top-up",
  orders: "/orders",
  history: "/history",
};

/** Links to the pages of the site. `current` is none of them on a page below one of these. */
export function Nav({ language, current }: { language: Language; current: PageName | undefined }) {
  const { pages, menu } = wordsOf(language);
  return (
    <nav aria-label={menu} className="-mx-2 flex overflow-x-auto text-sm sm:gap-1">
      {(Object.keys(paths) as PageName[]).map((name) => (
        <Link
          key={name}
          href={paths[name]}
          aria-current={name === current ? "page" : undefined}
          className="rounded-lg px-2.5 py-2 whitespace-nowrap sm:px-3 text-muted hover:text-ink aria-[current=page]:bg-card aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-sm"
        >
          {pages[name]}
        </Link>
      ))}
    </nav>
  );
}
