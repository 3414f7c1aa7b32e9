import type { Wording } from "@jifen/contract";
import type { EntryKind } from "@jifen/core";

/** The kinds of ledger entries in files for people. In English these are the words of the API, so that programs can read them. */
export const kindNames: Readonly<Record<EntryKind, Wording>> = {
  grant: { zh: "发放", en: "grant" },
  consume: { zh: "消费", en: "consume" },
  hold: { zh: "预扣", en: "hold" },
  extend: { zh: "延长预扣", en: "extend" },
  capture: { zh: "确认扣费", en: "capture" },
  release: { zh: "释放", en: "release" },
  refund: { zh: "退款", en: "refund" },
  revoke: { zh: "收回", en: "revoke" },
  expire: { zh: "到期", en: "expire" },
};
