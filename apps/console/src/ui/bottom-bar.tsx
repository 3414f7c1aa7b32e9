import { Ellipsis } from "lucide-react";
import { uiWords } from "../words/ui.ts";
import { type NavigationPlace, PlaceLink } from "./place-link.tsx";
import { useMenu } from "./use-menu.ts";

const IN_BAR = 4;
/** Larger text than the bar has room for would lie over the next place. */
const inBar =
  "flex min-h-14 flex-col items-center justify-center gap-0.5 px-1 text-[min(0.75rem,3.3vw)] leading-tight text-center";

/** The places in the bar at the thumb of a phone: the first four, and a list of the others. */
export function BottomBar({ places }: { readonly places: readonly NavigationPlace[] }) {
  const rest = places.slice(IN_BAR);
  return (
    <ul className="flex md:hidden">
      {places.slice(0, IN_BAR).map((place) => (
        <li key={place.title} className="min-w-0 flex-1">
          <PlaceLink place={place} className={inBar} />
        </li>
      ))}
      {rest.length > 0 && (
        <li className="min-w-0 flex-1">
          <More places={rest} />
        </li>
      )}
    </ul>
  );
}

function More({ places }: { readonly places: readonly NavigationPlace[] }) {
  const words = uiWords.useWords();
  const { close, attributes } = useMenu();
  return (
    <details {...attributes}>
      <summary className={`${inBar} list-none text-muted`}>
        <Ellipsis size={18} aria-hidden />
        {words.morePlaces}
      </summary>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links inside are reached by the keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press on a link closes the list */}
      <div
        onClick={close}
        className="absolute right-2 bottom-full mb-2 w-56 rounded-md border border-line bg-card p-1 shadow-lg"
      >
        {places.map((place) => (
          <PlaceLink key={place.title} place={place} className="flex min-h-11 items-center gap-2.5 px-3" />
        ))}
      </div>
    </details>
  );
}
