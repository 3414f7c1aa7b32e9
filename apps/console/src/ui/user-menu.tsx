import { CircleUser } from "lucide-react";
import type { ReactNode } from "react";
import { basePath } from "../base.ts";
import { useSession } from "../session.ts";
import { uiWords } from "../words/ui.ts";
import { useMenu } from "./use-menu.ts";

const item =
  "flex w-full items-center rounded px-3 py-1.5 text-left no-underline hover:bg-sunken pointer-coarse:min-h-11";

/** Who is logged in, links to other areas, and the log-out. */
export function UserMenu({ children }: { readonly children?: ReactNode }) {
  const words = uiWords.useWords();
  const { session } = useSession();
  const { attributes } = useMenu();
  return (
    <details {...attributes} className="relative">
      <summary
        aria-label={`${words.menu}: ${session.name || session.email}`}
        className="flex min-h-8 list-none items-center rounded-md border border-line px-2.5 hover:bg-sunken pointer-coarse:min-h-11"
      >
        <CircleUser size={18} aria-hidden className="sm:hidden" />
        <span className="max-w-40 truncate max-sm:hidden">{session.name || session.email}</span>
      </summary>
      <div className="absolute right-0 z-10 mt-1 grid w-60 gap-0.5 rounded-md border border-line bg-card p-1 shadow-lg">
        <p className="px-3 py-1.5 text-muted">
          {session.email}
          {session.role !== "user" && (
            <>
              <br />
              {words.roles[session.role]}
            </>
          )}
        </p>
        {children}
        <form method="post" action={`${basePath}logout`}>
          <button type="submit" className={item}>
            {words.logout}
          </button>
        </form>
      </div>
    </details>
  );
}

type AreaLinkProps = { readonly area: "account" | "console"; readonly children: ReactNode };

/** A link of the menu to the other area: its page is loaded from the server, with its own code. */
export const AreaLink = ({ area, children }: AreaLinkProps) => (
  <a className={item} href={basePath + area}>
    {children}
  </a>
);
