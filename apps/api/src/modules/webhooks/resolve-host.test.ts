import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createResolveHost } from "./resolve-host.ts";

const HEADER_BYTES = 12;
const TYPES = { 1: "A", 28: "AAAA" } as const;
const ADDRESSES = { A: Buffer.from([93, 184, 216, 34]), AAAA: Buffer.from("20010db8000000000000000000000005", "hex") };

let server: Socket;
let directory: string;
/** The questions that arrived, such as `a.test A`. */
let questions: string[] = [];
/** Names that are not answered. */
const isSilent = (name: string) => name.startsWith("silent");

/** Answers one question for a name in `test`, and denies the existence of other names. */
function answer(message: Buffer): Buffer | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = message.subarray(HEADER_BYTES, at + 5);
  const type = TYPES[message.readUInt16BE(at + 1) as keyof typeof TYPES];
  const name = labels.join(".");
  questions.push(`${name} ${type}`);
  if (isSilent(name)) return undefined;
  const data = ADDRESSES[type];
  const exists = name.endsWith(".test");
  const head = Buffer.from(message.subarray(0, HEADER_BYTES));
  head.writeUInt16BE(exists ? 0x8180 : 0x8183, 2);
  // One question, one answer or none, and nothing else.
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(exists ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  if (!exists) return Buffer.concat([head, question]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  question.copy(record, 2, question.length - 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, question, record, data]);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hosts-"));
  server = createSocket("udp4");
  server.on("message", (message, { port, address }) => {
    const reply = answer(message);
    if (reply) server.send(reply, port, address);
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
});
beforeEach(() => {
  questions = [];
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

const resolver = (options: Parameters<typeof createResolveHost>[0] = {}) =>
  createResolveHost({ servers: [`127.0.0.1:${server.address().port}`], ...options });

test("a host has the IPv4 and the IPv6 addresses that the name server knows", async () => {
  expect(await resolver()("a.test")).toEqual([
    { address: "93.184.216.34", family: 4 },
    { address: "2001:db8::5", family: 6 },
  ]);
  expect(questions.toSorted()).toEqual(["a.test A", "a.test AAAA"]);
});

test("a host that does not exist has no addresses", async () => {
  await expect(resolver()("unknown.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("addresses, localhost and names in the hosts file are not asked for", async () => {
  const hostsFile = join(directory, "hosts");
  await writeFile(
    hostsFile,
    "# comment own.internal\n10.0.0.7\tother OWN.internal # own\nfd00::7 own.internal\nx own.internal\n",
  );
  const resolveHost = resolver({ hostsFile });
  const addresses = async (host: string) => (await resolveHost(host)).map(({ address }) => address);
  expect(await addresses("10.1.2.3")).toEqual(["10.1.2.3"]);
  expect(await addresses("fd00::1")).toEqual(["fd00::1"]);
  for (const name of ["localhost", "LOCALHOST.", "a.localhost"])
    expect(await addresses(name)).toEqual(["127.0.0.1", "::1"]);
  expect(await addresses("own.internal")).toEqual(["10.0.0.7", "fd00::7"]);
  expect(questions).toEqual([]);
});

test("at most sixteen hosts are looked up concurrently, and each of them ends although its name server is silent", async () => {
  const resolveHost = resolver({ timeoutMs: 3_000 });
  const silent = Array.from({ length: 16 }, (_, n) => resolveHost(`silent-${n}.test`).catch(({ code }) => code));
  const after = resolveHost("after.test");
  await expect.poll(() => new Set(questions.filter((question) => question.endsWith(" A"))).size).toBe(16);
  expect(questions).not.toContain("after.test A");
  for (const code of await Promise.all(silent)) expect(["ETIMEOUT", "ECANCELLED"]).toContain(code);
  expect((await after).map(({ address }) => address)).toContain("93.184.216.34");
});
