import { accountId } from "@jifen/core";
import type { Records } from "../../records/records.ts";
import type { ReferenceReads } from "../../stores/reference-reads.ts";

/** Finds references on MongoDB, where the index of references does not begin with the account. */
export const createMongodbReferenceReads = (records: Records): ReferenceReads => ({
  accountOfReference: async (referenceId) => {
    const where = { referenceId };
    const [entry] = await records.list("transactions", { where, by: ["sequence"], limit: 1, index: "about" });
    return entry && accountId(entry.accountId);
  },
});
