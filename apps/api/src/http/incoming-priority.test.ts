import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { toSchedulable } from "./incoming-priority.ts";
import { KnownCredentials } from "./known-credentials.ts";

const known = new KnownCredentials(() => 0);
known.add("Bearer seen");
known.add("seen-session");

const consume = { method: "POST", url: "/trpc/credits.consume" };
const read = { method: "GET", url: "/trpc/credits.balance" };

test.each([
  { says: "a bearer token that was verified", headers: { authorization: "Bearer seen" }, priority: "known" },
  { says: "a bearer token that was not", headers: { authorization: "Bearer new" }, priority: "other" },
  {
    says: "a session cookie that was verified",
    headers: { cookie: "a=b; jifen_session=seen-session" },
    priority: "known",
  },
  { says: "one over HTTPS", headers: { cookie: "__Host-jifen_session=seen-session; a=b" }, priority: "known" },
  { says: "one beside another", headers: { cookie: "jifen_session=x; jifen_session=seen-session" }, priority: "known" },
  { says: "a session cookie that was not", headers: { cookie: "jifen_session=new" }, priority: "other" },
  { says: "an empty cookie", headers: { cookie: "jifen_session=" }, priority: "other" },
  { says: "another cookie", headers: { cookie: "session=seen-session" }, priority: "other" },
  {
    says: "a wrong bearer token beside a verified cookie",
    headers: { authorization: "Bearer new", cookie: "jifen_session=seen-session" },
    priority: "other",
  },
])("a busy server gives $says the priority $priority", ({ headers, priority }) => {
  const classify = (to: typeof read) => {
    const incoming = Object.assign(new IncomingMessage(new Socket()), to, { headers });
    return toSchedulable(incoming, known, () => undefined).classify();
  };
  expect(classify(read).priority).toBe(priority);
  expect(classify(consume).priority).toBe(priority === "known" ? "money" : "other");
});
