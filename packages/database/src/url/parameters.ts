import { closestMatch } from "leven";
import { UnsupportedDatabaseUrl } from "./unsupported-url.ts";

/** The values of a parameter that is obeyed, and what to write instead of others. */
type Obeyed = { readonly values: RegExp; readonly form: string };

/** The parameters of a database: how each is obeyed, or why it is refused. */
export type KnownParameters = Readonly<Record<string, Obeyed | string>>;

/** A parameter with any value. */
export const anyText: Obeyed = { values: /^.+$/s, form: "a text" };

/** A parameter with one of these values. */
export const oneOf = (...values: readonly string[]): Obeyed => ({
  values: new RegExp(`^(${values.join("|")})$`, "i"),
  form: values.join(", "),
});

/** A parameter that is true or false. */
export const trueOrFalse: Obeyed = oneOf("true", "false");

/** A number of seconds. */
export const seconds: Obeyed = { values: /^[1-9]\d{0,2}$/, form: "a number of seconds from 1 to 999" };

/** Why a parameter is refused whose value Jifen chooses. */
export const chosen = "is not obeyed, because Jifen chooses this itself: remove it";

/**
 * Refuses parameters that are unknown, that stand twice, or whose value cannot be obeyed: none is ignored.
 * @throws UnsupportedDatabaseUrl
 */
export function checkParameters(given: URLSearchParams, known: KnownParameters): void {
  const names = new Set<string>();
  for (const [name, value] of given) {
    if (names.has(name)) throw new UnsupportedDatabaseUrl(`has the parameter ${name} twice: remove one`);
    names.add(name);
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) throw unknownParameter(name, known);
    if (typeof rule === "string") throw new UnsupportedDatabaseUrl(`has the parameter ${name}, which ${rule}`);
    if (!rule.values.test(value)) {
      throw new UnsupportedDatabaseUrl(`has a value of the parameter ${name} that is not supported: use ${rule.form}`);
    }
  }
}

function unknownParameter(name: string, known: KnownParameters): UnsupportedDatabaseUrl {
  const obeyed = Object.keys(known).filter((each) => typeof known[each] !== "string");
  const nearest = closestMatch(name.toLowerCase(), obeyed, { maxDistance: 3 });
  // The name may be a part of a password that is not encoded.
  const shown = /^[\w-]{1,40}$/.test(name) ? ` ${name}` : "";
  const correction = nearest === undefined ? `known are ${obeyed.join(", ")}` : `did you mean ${nearest}?`;
  return new UnsupportedDatabaseUrl(`has the unknown parameter${shown}: ${correction}`);
}
