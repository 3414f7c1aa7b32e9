import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import { afterConnectionLoss } from "./failure.ts";

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
