import {
  formatChange,
  formatDistance,
  formatNumber,
  formatShortTime,
  formatTime,
  formatTimeWithZone,
} from "./format.ts";

/** A number of credits. */
export const Credits = ({ value }: { readonly value: number }) => <>{formatNumber(value)}</>;

/** A change of the balance: gains in green with a plus, spending in ink. */
export const Change = ({ value }: { readonly value: number }) => (
  <span className={value > 0 ? "text-good" : undefined}>{formatChange(value)}</span>
);

type TimeProps = { readonly at: string; readonly form?: keyof typeof forms };

const forms = { whole: formatTime, short: formatShortTime, relative: formatDistance } as const;

/** A time in the browser's zone, whose title names the zone. */
export const Time = ({ at, form = "whole" }: TimeProps) => (
  <time dateTime={at} title={formatTimeWithZone(at)} className="whitespace-nowrap">
    {forms[form](at)}
  </time>
);
