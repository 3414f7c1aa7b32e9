import { AMOUNT } from "../workload.ts";

/** The action that the catalogue of the benchmarks prices. */
const ACTION = "bench_priced";

const document = {
  actions: [
    {
      action: ACTION,
      params: {
        model: { kind: "choice", values: ["standard", "pro"], default: "standard" },
        seconds: { kind: "quantity", min: "1", max: "1000" },
      },
      rows: [
        { when: { model: ["pro"] }, per: [{ unit: "seconds", micro: 2_500_000 }], minimum: 5 },
        { per: [{ unit: "seconds", micro: 1_000_000 }] },
      ],
    },
  ],
};

/** Puts a catalogue in force, in SQL of any database. */
export const insertCatalogueOf = (document: object): string => `INSERT INTO catalogues
  (version, state, effective_from_ms, document, made_by, made_at_ms, published_by, published_at_ms)
  VALUES (1, 'published', 1, '${JSON.stringify(document)}', 'operator', 1, 'operator', 1)`;

/** Puts the catalogue of the priced action in force. */
export const insertCatalogue = insertCatalogueOf(document);

/** A consume that the catalogue prices, at the same amount as the others. */
export const pricedConsume = { action: ACTION, params: { seconds: AMOUNT } };
