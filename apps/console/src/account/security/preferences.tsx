import { useQuery } from "@tanstack/react-query";
import { writeCookie } from "../../cookies.ts";
import { jifen, toJifenError } from "../../jifen.ts";
import { language as languageOfPage } from "../../language.ts";
import { timeZone as zoneOfBrowser } from "../../time-zone.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Panel } from "../panel.tsx";
import { Problem } from "../problem.tsx";
import { securityWords } from "./words.ts";

/** Names of languages, each in itself. */
const languages = { zh: "中文", en: "English" } as const;

const isLanguage = (value: unknown): value is keyof typeof languages => value === "zh" || value === "en";

/** The language of pages and e-mails, and the time zone of days and months. */
export function Preferences() {
  const words = securityWords.useWords();
  const query = useQuery({
    queryKey: ["auth.preferences"],
    queryFn: () => jifen.auth.preferences.query(),
    // A form that is being filled in must not change.
    refetchOnWindowFocus: false,
  });
  const error = toJifenError(query.error);
  const perform = async (values: FormData) => {
    const [language, timeZone] = [values.get("language"), String(values.get("timeZone"))];
    const chosen = isLanguage(language) ? language : null;
    await jifen.auth.changePreferences.mutate({ language: chosen, timeZone: timeZone === "" ? null : timeZone });
    if (chosen !== null) writeCookie("jifen_language", chosen);
    // The page is in one language and counts its days in one zone from its beginning.
    location.reload();
  };
  return (
    <Panel title={words.preferences}>
      {error && <Problem error={error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ActForm act="change-preferences" submit={words.savePreferences} perform={perform} onDone={() => undefined}>
          <SelectField
            name="language"
            label={words.language}
            hint={words.languageHint}
            defaultValue={query.data.language ?? ""}
          >
            <option value="">{words.asBrowser(languages[languageOfPage])}</option>
            {Object.entries(languages).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </SelectField>
          <SelectField
            name="timeZone"
            label={words.timeZone}
            hint={words.timeZoneHint}
            defaultValue={query.data.timeZone ?? ""}
          >
            <option value="">{words.asBrowser(zoneOfBrowser)}</option>
            {zonesWith(query.data.timeZone).map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </SelectField>
        </ActForm>
      )}
    </Panel>
  );
}

/** The zones that this browser knows, and the one that is chosen. */
function zonesWith(chosen: string | null): readonly string[] {
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
  return chosen === null || known.includes(chosen) ? known : [chosen, ...known];
}
