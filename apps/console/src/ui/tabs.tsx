import { Link } from "@tanstack/react-router";

type TabsProps<Tab extends string> = {
  readonly label: string;
  readonly current: Tab;
  readonly tabs: readonly { readonly tab: Tab; readonly title: string }[];
};

/** Parts of a page as links: the chosen one stands in the address, so links to it and the back button work. */
export const Tabs = <Tab extends string>({ label, current, tabs }: TabsProps<Tab>) => (
  <nav aria-label={label} className="-mb-1 overflow-x-auto border-b border-line">
    <ul className="flex gap-1">
      {tabs.map(({ tab, title }) => (
        <li key={tab}>
          <Link
            to="."
            search={((search: object) => ({ ...search, tab })) as never}
            replace
            resetScroll={false}
            aria-current={tab === current ? "page" : undefined}
            className={`block border-b-2 px-3 py-2 whitespace-nowrap no-underline ${
              tab === current
                ? "border-seal font-medium text-ink"
                : "border-transparent text-muted hover:text-ink forced-colors:border-[Canvas]"
            }`}
          >
            {title}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
);
