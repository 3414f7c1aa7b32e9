/** Crockford's alphabet for people: no I, L, O, U. https://www.crockford.com/base32.html */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Random characters of a code: 95 bits. */
const RANDOM_LENGTH = 19;
const GROUP = 5;

/** How many random bytes a code needs. */
export const CODE_BYTES = RANDOM_LENGTH;

/**
 * Makes a redemption code: 19 random characters and a check character, in four groups of five.
 * @param random as many bytes as `CODE_BYTES`, from a cryptographic source; five bits of each are used
 */
export function makeCode(random: Uint8Array): string {
  if (random.length !== RANDOM_LENGTH) throw new RangeError(`a code needs ${RANDOM_LENGTH} random bytes`);
  const characters = Array.from(random, (byte) => ALPHABET[byte % 32] ?? "").join("");
  return grouped(characters + checkOf(characters));
}

/**
 * Reads a code as a person types it: in either case, with or without hyphens and spaces, with O for 0 and I or L for 1.
 * @returns the code in its one form, without hyphens; undefined when it has a typing error, which needs no look-up
 */
export function readCode(text: string): string | undefined {
  const typed = text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  if (typed.length !== RANDOM_LENGTH + 1) return undefined;
  const characters = typed.slice(0, RANDOM_LENGTH);
  return [...typed].every((each) => ALPHABET.includes(each)) && typed.at(-1) === checkOf(characters)
    ? typed
    : undefined;
}

/**
 * The check character: the characters as a polynomial over the field of 32 elements, at a generator of it. Any one wrong
 * character and any two that were swapped are found. The field is that of x^5 + x^2 + 1.
 */
function checkOf(characters: string): string {
  const value = [...characters].reduce((sum, each) => timesGenerator(sum ^ ALPHABET.indexOf(each)), 0);
  return ALPHABET[value] ?? "";
}

const timesGenerator = (element: number): number => (element << 1) ^ (element & 16 ? 0b100101 : 0);

const grouped = (characters: string): string => characters.match(new RegExp(`.{${GROUP}}`, "g"))?.join("-") ?? "";
