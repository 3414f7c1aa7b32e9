// A program in JavaScript that loads every entry point, logs in and holds 5 credits.
import { createJifenClient } from "@jifen/client";
import { authJsToken } from "@jifen/client/authjs";
import { JifenProvider } from "@jifen/client/react";
import { placeHold } from "@jifen/client/server";

const url = process.env.JIFEN_API_URL;
const { token } = await createJifenClient({ url }).auth.login.mutate({
  email: "user@example.com",
  password: "password123",
});
const jifen = createJifenClient({ url, token });
const { balance } = await jifen.credits.balance.query();
await placeHold(jifen, { amount: 5, action: "video", ttlSeconds: 60, idempotencyKey: "video-1" });
const after = await jifen.credits.balance.query();
console.log(typeof authJsToken, typeof JifenProvider, balance - after.balance);
