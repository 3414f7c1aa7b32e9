import { type Language, type Refusal, timeZoneRule } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import { emptyRange, invalidField } from "../../values/invalid-field.ts";
import { isoTime } from "../../values/iso-time.ts";
import { parseTime } from "../../values/parse-time.ts";
import { isTimeZone } from "../../values/time-zones/time-zone.ts";

/** What a request for a file says about its form and its range. */
type FileInput = {
  readonly format: "csv" | "ndjson";
  readonly tz?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** The form and the range of a file. */
type FileRequest = {
  readonly form: { readonly format: "csv" | "ndjson"; readonly timeZone: string; readonly language: Language };
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
};

/** Reads the form and the range of a file. Refuses: VALIDATION_FAILED (`tz`, `to`). */
export function readFileRequest(
  { format, tz, from, to }: FileInput,
  { timeZone: defaultTimeZone, language }: { readonly timeZone: string; readonly language: Language },
): Outcome<FileRequest, Refusal<"VALIDATION_FAILED">> {
  const timeZone = tz ?? defaultTimeZone;
  if (!isTimeZone(timeZone)) {
    return invalidField("tz", timeZoneRule);
  }
  const [fromMs, toMs] = [parseTime(from), parseTime(to)];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    return emptyRange();
  }
  return ok({ form: { format, timeZone, language }, fromMs, toMs });
}

const contentTypes = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** The content type of a file, and a name such as `logs-20261129T130500Z.csv`. */
export const describeFile = (what: string, format: "csv" | "ndjson", nowMs: number) => ({
  contentType: contentTypes[format],
  fileName: `${what}-${isoTime(nowMs).replaceAll(/[-:]|\.\d+/g, "")}.${format}`,
});
