import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { MongoServerError } from "mongodb";
import { describe, expect, test } from "vitest";
import { afterConnectionLoss, connectionLoss } from "./failure.ts";

/** The error of Node.js for a write to a socket that the other side has just ended. The driver does not wrap it. */
async function errorOfLateWrite(): Promise<Error> {
  const server = createServer((socket) => void socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
  const failed = once(socket, "error");
  socket.once("end", () => socket.end().write("too late"));
  const [error] = await failed;
  server.close();
  return error;
}

describe("a socket that ends while it is written to", () => {
  test("a socket that ends during a write leaves the outcome of the write unknown", async () => {
    const error = await errorOfLateWrite();
    expect(error).toMatchObject({ code: "EPIPE" });
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(OutcomeUnknown);
  });

  test("a socket that ends during a read leaves no effect", async () => {
    const error = await errorOfLateWrite();
    expect(() => afterConnectionLoss("nothing written")(error)).toThrow(DatabaseUnavailable);
  });
});

const answered = (code: number) => new MongoServerError({ errmsg: "refused", code });

describe("answers of MongoDB to a command", () => {
  test.each([
    { code: 13, state: "a missing right" },
    { code: 14_031, state: "a full disk" },
    { code: 10_107, state: "a primary that is none any more" },
    { code: 13_436, state: "a member that recovers" },
    { code: 134, state: "a majority that is not available yet" },
    { code: 146, state: "a memory limit" },
    { code: 462, state: "a rate limit of the server" },
    { code: 290, state: "a transaction that lived too long" },
  ])("$state ($code) has no effect", ({ code }) => {
    expect(connectionLoss(answered(code))).toBe("without effect");
  });

  test.each([
    { code: 11_600, state: "a shutdown" },
    { code: 64, state: "a write that a majority did not confirm in time" },
    { code: 202, state: "a router that got no answer" },
  ])("$state ($code) leaves the outcome of a write unknown", ({ code }) => {
    expect(connectionLoss(answered(code))).toBe("broken");
  });

  test.each([
    { code: 2, state: "a wrong value" },
    { code: 121, state: "a document that fails validation" },
    { code: 11_000, state: "a duplicate key" },
    { code: 40_324, state: "an unknown stage of a pipeline" },
  ])("$state ($code) stays an error of its own", ({ code }) => {
    expect(connectionLoss(answered(code))).toBeUndefined();
  });
});
