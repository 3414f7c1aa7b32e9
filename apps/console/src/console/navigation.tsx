import type { Role } from "../session.ts";
import { BottomBar } from "../ui/bottom-bar.tsx";
import { type NavigationPlace, PlaceLink } from "../ui/place-link.tsx";
import { Seal } from "../ui/seal.tsx";
import { shellWords } from "../words/shell.ts";
import { uiWords } from "../words/ui.ts";
import { places } from "./places.ts";

/** The places that the person can see: a column on wide screens, a bar at the thumb on phones. */
export function Navigation({ role }: { readonly role: Role }) {
  const words = shellWords.useWords();
  const { navigation } = uiWords.useWords();
  const visible = places
    .filter(({ roles }) => roles.includes(role))
    .map(({ name, to, icon }): NavigationPlace => {
      return { to, icon, title: words.places[name], isExact: to === "/console" };
    });
  return (
    <nav
      aria-label={navigation}
      className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card md:sticky md:top-0 md:h-dvh md:overflow-y-auto md:border-t-0 md:border-r print:hidden"
    >
      <div className="hidden px-4 pt-4 pb-3 md:block">
        <Seal />
      </div>
      <ul className="hidden gap-0.5 px-2 md:grid">
        {visible.map((place) => (
          <li key={place.title}>
            <PlaceLink place={place} className="flex items-center gap-2.5 px-2.5 py-1.5" />
          </li>
        ))}
      </ul>
      <BottomBar places={visible} />
    </nav>
  );
}
