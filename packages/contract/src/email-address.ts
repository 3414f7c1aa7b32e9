import { z } from "zod";
import { bilingual } from "./language.ts";

const emailRule = {
  error: bilingual({
    zh: "必须是有效的邮箱地址，最多 254 个字节",
    en: "must be an e-mail address of at most 254 bytes",
  }),
};

/** The size of a path in SMTP without its brackets (RFC 5321, section 4.5.3.1.3; RFC 6531 counts bytes of UTF-8). */
const MAX_BYTES = 254;

/** `@`, and its two forms for East Asian text. */
const at = /[@＠﹫]/;
/** The dots of domains (RFC 3490, section 3.1). */
const dots = /[.。．｡]/g;

/**
 * A local part: words of ASCII and of the letters, marks and digits of any script, separated by dots. As in the
 * IdentifierClass of RFC 8264, nothing that is invisible, a symbol, or a control of direction.
 */
const localPart =
  /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}_'+-][\p{L}\p{M}\p{N}_'+-]*(?:\.[\p{L}\p{N}_'+-][\p{L}\p{M}\p{N}_'+-]*)*(?<!')$/u;

/** A domain as people write it: the URL parser would also drop invisible characters and decode percent signs. */
const writtenDomain = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}.-]+$/u;

/** A domain as it is stored and sent: in ASCII, with names beyond ASCII in Punycode (RFC 5891). */
const asciiDomain = /^(?:[a-z\d][a-z\d-]{0,62}\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/;

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** NFKC and lower case; lower case can undo NFKC. */
const fold = (text: string): string => text.normalize("NFKC").trim().toLowerCase().normalize("NFKC");

/** The domain in ASCII; unchanged when it is none. */
function toAsciiDomain(domain: string): string {
  const dotted = domain.replace(dots, ".");
  if (isAscii(dotted) || !writtenDomain.test(dotted)) return dotted;
  // `URL.canParse` and `URL` are in browsers and in Node, which has IDNA elsewhere only in `node:url`.
  const url = `http://${dotted}`;
  return URL.canParse(url) ? new URL(url).hostname : dotted;
}

/**
 * Normalises an e-mail address, or the beginning of one: Unicode NFKC, no surrounding space, lower case, the domain in ASCII
 * (`me@münchen.de` is `me@xn--mnchen-3ya.de`). It runs before validation, because NFKC turns a full-width `＠` into `@`.
 */
export function normaliseEmail(text: string): string {
  const folded = fold(text);
  const end = folded.lastIndexOf("@") + 1;
  return end === 0 ? folded : `${folded.slice(0, end)}${toAsciiDomain(folded.slice(end))}`;
}

/**
 * Whether the local part has no character that normalisation replaces by others, such as `ﬁ`, a full-width letter or the
 * Kelvin sign: the system that an address comes from can have two users where this one has one.
 */
const isExact = (text: string): boolean =>
  isAscii(text) ||
  [...(text.trim().split(at)[0] ?? "")].every((character) => character === character.normalize("NFKC"));

/**
 * Normalises the id of a user that another system provides. An id without `@` keeps its case: other systems have different
 * users whose ids differ in case alone. An address whose local part is not exact stays as it is, and is the id of no user.
 */
export const normaliseUserId = (text: string): string =>
  at.test(text) && isExact(text) ? normaliseEmail(text) : text.trim();

/** Whether a normalised text is an e-mail address: of ASCII (RFC 5322, dot-atom) or internationalised (RFC 6531). */
function isEmail(text: string): boolean {
  const [local = "", domain = "", ...others] = text.split("@");
  const isShort = new TextEncoder().encode(text).length <= MAX_BYTES;
  return others.length === 0 && isShort && localPart.test(local) && asciiDomain.test(domain);
}

const emailText = z
  .string(emailRule)
  .max(320, emailRule)
  .meta({ id: "Email", format: "idn-email", examples: ["user@example.com"] });

/** An e-mail address; the output is normalised. */
export const zEmail = emailText.transform(normaliseEmail).pipe(z.string().refine(isEmail, emailRule));

/** An e-mail address that another system provides as the id of its user; the output is normalised. */
export const zProvidedEmail = z.string().refine(isExact).pipe(zEmail);
