import { z } from "zod";
import { bilingual } from "./language.ts";
import { zTimeZone } from "./primitives.ts";

const rule = (wording: { zh: string; en: string }) => ({ error: bilingual(wording) });

const formatRule = rule({ zh: "必须是 csv 或 ndjson", en: "must be csv or ndjson" });

/** The form of a file: its format, and the time zone of its local times. */
export const fileInput = {
  format: z.enum(["csv", "ndjson"], formatRule).default("csv").meta({
    description: "CSV with a byte order mark, or a JSON object in each line.",
  }),
  tz: zTimeZone.optional().meta({
    description: "The time zone of local times, which stand beside those in UTC; that of TIME_ZONE if left out.",
  }),
};

/** The content types of a file, the default first. */
export const fileContentTypes = ["text/csv; charset=utf-8", "application/x-ndjson"] as const;
