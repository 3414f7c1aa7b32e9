import { Languages, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { switchLanguage } from "../language.ts";
import { switchTheme } from "../theme.ts";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";

type TopBarProps = {
  /** The mark, where the navigation does not show it. */
  readonly start: ReactNode;
  /** The menu of the person. */
  readonly menu: ReactNode;
};

/** Language, theme and the menu of the person. */
export function TopBar({ start, menu }: TopBarProps) {
  const words = uiWords.useWords();
  return (
    <header className="sticky top-0 z-10 border-b border-line bg-card px-4 py-1.5 md:px-6 print:hidden">
      <div className="flex items-center gap-1 in-data-[area=account]:mx-auto in-data-[area=account]:max-w-5xl">
        {start}
        <div className="ml-auto flex shrink-0 items-center gap-1">
          <Button look="quiet" onClick={switchLanguage}>
            <Languages size={16} aria-hidden />
            <span lang={words.language === "English" ? "en" : "zh-CN"}>{words.language}</span>
          </Button>
          <Button look="quiet" onClick={switchTheme} aria-label={words.theme} title={words.theme}>
            <SunMoon size={16} aria-hidden />
          </Button>
          {menu}
        </div>
      </div>
    </header>
  );
}
