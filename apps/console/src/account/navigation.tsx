import { BottomBar } from "../ui/bottom-bar.tsx";
import { type NavigationPlace, PlaceLink } from "../ui/place-link.tsx";
import { accountWords } from "../words/account.ts";
import { uiWords } from "../words/ui.ts";
import { useHasKeys } from "./keys/use-has-keys.ts";
import { places } from "./places.ts";

/** The places of the account: a line at the top of wide screens, a bar at the thumb on phones. */
export function Navigation() {
  const words = accountWords.useWords();
  const { navigation } = uiWords.useWords();
  const hasKeys = useHasKeys();
  const visible = places.filter(({ name }) => name !== "keys" || hasKeys);
  const named = visible.map(({ name, to, icon }): NavigationPlace => {
    return { to, icon, title: words.places[name], isExact: name === "home" };
  });
  return (
    <nav
      aria-label={navigation}
      className="border-line bg-card max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-10 max-md:border-t md:border-b print:hidden"
    >
      <ul className="mx-auto hidden max-w-[67rem] flex-wrap gap-0.5 px-3.5 py-1 md:flex">
        {named.map((place) => (
          <li key={place.title}>
            <PlaceLink place={place} className="flex min-h-10 items-center gap-2 px-2.5" />
          </li>
        ))}
      </ul>
      <BottomBar places={named} />
    </nav>
  );
}
