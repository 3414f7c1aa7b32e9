import { expect, test } from "vitest";
import { isLedgerTarget } from "./ledger-commands.ts";

test.each([
  { target: "/credits/consume", is: true },
  { target: "/credits/consume?x=1", is: true },
  { target: "/credits/holds/hold-1/capture", is: true },
  { target: "/credits/holds/hold%201/release", is: true },
  { target: "/trpc/credits.consume", is: true },
  { target: "/trpc/logs.create,holds.create?batch=1", is: true },
  { target: "/credits/consumed", is: false },
  { target: "/credits/balance", is: false },
  { target: "/x/credits/consume", is: false },
  { target: "/credits/holds/hold-1/a/capture", is: false },
  { target: "/trpc/credits.balance?next=credits.consume", is: false },
  { target: "/trpc/", is: false },
  { target: "*", is: false },
])("the target $target is a ledger command: $is", ({ target, is }) => {
  expect(isLedgerTarget(target)).toBe(is);
});
