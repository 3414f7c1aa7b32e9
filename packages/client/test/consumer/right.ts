// Code of a project outside this workspace: it must compile and run against a real server.
import { createJifenClient, isJifenError, type JifenInputs, type JifenOutputs } from "@jifen/client";

const url = process.env["JIFEN_URL"] ?? "";
const { token, userId } = await createJifenClient({ url }).auth.login.mutate({
  email: "user@example.com",
  password: "password123",
});
const jifen = createJifenClient({ url, getToken: async () => token, userId, language: "en" });

const before: JifenOutputs["credits"]["balance"] = await jifen.credits.balance.query();
const spend: JifenInputs["credits"]["consume"] = { amount: 5, action: "video", metadata: { seconds: 5 } };
const spent = await jifen.credits.consume.mutate(spend);
const held = await jifen.holds.create.mutate({ amount: 10, action: "song", ttlSeconds: 60 });
const charged: JifenOutputs["holds"]["capture"] = await jifen.holds.capture.mutate({ holdId: held.holdId, amount: 4 });
const { items } = await jifen.transactions.list.query({ kind: "capture", limit: 1 });
const { logId } = await jifen.logs.create.mutate({
  userId,
  action: "video",
  details: { transactionId: spent.transactionId },
  success: true,
  timestamp: new Date().toISOString(),
});

let refusal: { balance: number; required: number; message: string; status: number | undefined } | undefined;
try {
  await jifen.credits.consume.mutate({ amount: 1_000, action: "video" });
} catch (error) {
  if (!isJifenError(error, "INSUFFICIENT_CREDITS")) throw error;
  const { balance, required } = error.details;
  refusal = { balance, required, message: error.message, status: error.status };
}

let state: string | undefined;
try {
  await jifen.holds.release.mutate({ holdId: held.holdId });
} catch (error) {
  if (!isJifenError(error, "HOLD_ALREADY_RESOLVED")) throw error;
  state = error.details.state;
}

const charge = { captured: charged.captured, listed: items[0]?.amount, state };
process.stdout.write(JSON.stringify({ before: before.balance, after: spent.balance, charge, logId, refusal }));
