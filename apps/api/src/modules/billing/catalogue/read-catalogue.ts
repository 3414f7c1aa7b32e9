import { type Catalogue, type Currency, checkCatalogue, isCurrency, type Problem } from "@jifen/billing";
import { bilingual, type FieldIssue, type Refusal, zCatalogue } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { fieldIssues } from "../../../http/error-response.ts";
import { wordingOf } from "./problem-wording.ts";

type Invalid = Refusal<"CATALOGUE_INVALID">;

const invalid = (issues: readonly FieldIssue[]) => refuse<Invalid>({ code: "CATALOGUE_INVALID", issues });

/** Reads a catalogue that can be published. Refuses: CATALOGUE_INVALID, with every problem. */
export function readCatalogue(document: unknown): Outcome<Catalogue, Invalid> {
  const parsed = parseCatalogue(document);
  if (!parsed.ok) return parsed;
  const problems = checkCatalogue(parsed.value);
  return problems.length === 0 ? parsed : invalid(problems.map(toIssue));
}

/** Reads the shape of a catalogue alone, which is enough for one that was published. Refuses: CATALOGUE_INVALID. */
export function parseCatalogue(document: unknown): Outcome<Catalogue, Invalid> {
  const parsed = zCatalogue.safeParse(document);
  if (!parsed.success) return invalid(fieldIssues(parsed.error));
  const { packs, ...rest } = parsed.data;
  const unknown = packs.flatMap(({ prices }, at) =>
    prices.flatMap(({ currency }, index) => (isCurrency(currency) ? [] : [`packs.${at}.prices.${index}.currency`])),
  );
  if (unknown.length > 0) return invalid(unknown.map((path) => ({ path, message: unknownCurrency })));
  const sold = packs.map((pack) => ({
    ...pack,
    prices: pack.prices.map(({ currency, minor }) => ({ currency: currency as Currency, minor })),
  }));
  return ok({ ...rest, packs: sold });
}

const unknownCurrency = bilingual({ zh: "不支持这种货币", en: "is not a currency that can be sold in" });

const toIssue = (problem: Problem): FieldIssue => ({ path: problem.path, message: bilingual(wordingOf(problem)) });
