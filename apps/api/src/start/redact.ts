import { readFileSync } from "node:fs";

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables whose value is a URL with a password. */
const urls = ["DATABASE_URL", "SOURCE_DATABASE_URL", "REDIS_URL", "SMTP_URL"];

const textOf = (env: Variables, name: string): string => {
  const file = env[`${name}_FILE`];
  try {
    return env[name] ?? (file ? readFileSync(file, "utf8") : "");
  } catch {
    return "";
  }
};

/** A password as the URL has it, and decoded. */
function formsOf(url: string): readonly string[] {
  const written = /:\/\/[^:@/]*:(?<password>.+)@/s.exec(url)?.groups?.["password"];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

/** Replaces the passwords of the settings, and of every URL, by `***`. */
export function redact(text: string, env: Variables): string {
  const passwords = urls.flatMap((name) => formsOf(textOf(env, name))).filter((password) => password.length > 3);
  const redacted = passwords.reduce((rest, password) => rest.replaceAll(password, "***"), text);
  return redacted.replaceAll(/(:\/\/[^:@/\s]*:)[^@\s]+@/g, "$1***@");
}
