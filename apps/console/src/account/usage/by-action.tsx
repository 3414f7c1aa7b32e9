import { Link } from "@tanstack/react-router";
import { formatNumber, formatShare } from "../../ui/format.ts";
import { Panel } from "../panel.tsx";
import { spentByGroup, type Usage } from "./use-usage.ts";
import { usageWords } from "./words.ts";

type ByActionProps = { readonly usage: Usage; readonly total: number };

const PERCENT = 100;

/** What was spent on each action, the largest first, with a bar for its share. */
export function ByAction({ usage, total }: ByActionProps) {
  const words = usageWords.useWords();
  return (
    <Panel title={words.byAction}>
      <ul className="grid gap-3">
        {spentByGroup(usage).map(({ key, name, credits }) => (
          <li key={key} className="grid gap-1">
            <span className="flex items-baseline justify-between gap-4">
              {name === null ? (
                <span>{words.others}</span>
              ) : (
                <span className="min-w-0 wrap-anywhere">
                  <Link to="/account/history" search={{ action: name }}>
                    {name}
                  </Link>
                </span>
              )}
              <span className="shrink-0">
                {formatNumber(credits)} <span className="text-muted">· {formatShare(credits / total)}</span>
              </span>
            </span>
            <span aria-hidden className="h-1.5 rounded bg-sunken">
              <span
                className="block h-full min-w-0.5 rounded bg-muted forced-colors:bg-[CanvasText]"
                style={{ width: `${(credits / total) * PERCENT}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
