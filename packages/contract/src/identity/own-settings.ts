import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual, languages } from "../language.ts";
import { operation } from "../operation.ts";
import { zOutputText, zTimeZone } from "../primitives.ts";

const caller = anyUser(null);

const languageRule = {
  error: bilingual({ zh: `必须是 ${languages.join("、")} 之一`, en: `must be one of ${languages.join(", ")}` }),
};

const zPreferences = z
  .object({
    language: z.enum(languages).nullable().meta({ description: "Of pages and e-mails; null: that of the browser." }),
    timeZone: zOutputText(64)
      .nullable()
      .meta({
        description: "In which the days and months of the pages begin; null: that of the browser.",
        examples: ["Asia/Shanghai"],
      }),
  })
  .meta({ id: "Preferences" });

/** `GET /auth/preferences`: the language and the time zone that the caller has chosen. */
export const preferences = operation({
  kind: "query",
  rest: { method: "GET", path: "/auth/preferences" },
  summary: { zh: "查询自己的语言和时区", en: "Read the language and the time zone that you have chosen." },
  caller,
  idempotent: false,
  input: z.void(),
  output: zPreferences,
  refusals: [],
});

/** `POST /auth/preferences`: chooses a language and a time zone. */
export const changePreferences = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/preferences" },
  summary: { zh: "设置自己的语言和时区", en: "Choose a language and a time zone." },
  caller,
  idempotent: false,
  input: z.strictObject({
    language: z
      .enum(languages, languageRule)
      .nullable()
      .optional()
      .meta({ description: "null is no choice; left out, it stays." }),
    timeZone: zTimeZone
      .nullable()
      .optional()
      .meta({ description: "An IANA time zone; null is no choice; left out, it stays." }),
  }),
  output: zPreferences,
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `GET /auth/sign-ins`: the last log-ins of the caller at this server, newest first. */
export const signIns = operation({
  kind: "query",
  rest: { method: "GET", path: "/auth/sign-ins" },
  summary: { zh: "查询自己最近的登录", en: "List your last log-ins, newest first." },
  caller,
  idempotent: false,
  input: z.void(),
  output: z.object({
    items: z
      .array(
        z.object({
          at: zTime,
          address: zOutputText(100).meta({
            description: "The network address of the client; of an IPv6 address the first half.",
            examples: ["203.0.113.7"],
          }),
          by: z.enum(["password", "browser", "link"]).meta({
            description:
              "`browser`: with the password on the page of this server. `password`: by another client. `link`: by a one-time link.",
          }),
        }),
      )
      .meta({ maxItems: 20, description: "Sessions that a site with Auth.js starts are not log-ins at this server." }),
  }),
  refusals: [],
});
