import { insertCatalogueOf } from "../load/catalogue.ts";

/** The pack that is sold. */
export const PACK = { id: "bench", credits: 100, bonusCredits: 10, minor: 990 };

const { minor, ...pack } = PACK;
const document = {
  actions: [],
  packs: [
    {
      ...pack,
      ...{ title: { zh: "100 积分", en: "100 credits" }, priority: 50, refund: "unused" },
      ...{ validDays: null, bonusValidDays: 90, prices: [{ currency: "CNY", minor }] },
    },
  ],
};

/** Sells the pack from now on, in SQL of any database. */
export const insertPacks = insertCatalogueOf(document);
