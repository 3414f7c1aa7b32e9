import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import { afterConnectionLoss } from "./failure.ts";

/** What Node says to whoever writes to a socket that the other side has just ended; the driver passes it on as it is. */
async function writtenTooLate(): Promise<Error> {
  const server = createServer((socket) => void socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
  const failed = once(socket, "error");
  socket.once("end", () => socket.end().write("too late"));
  const [error] = await failed;
  server.close();
  return error;
}

describe("a socket that ends in the moment in which it is written to", () => {
  test("has taken a write that commits by itself, or has not", async () => {
    const error = await writtenTooLate();
    expect(error).toMatchObject({ code: "EPIPE" });
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(OutcomeUnknown);
  });

  test("leaves a question without effect", async () => {
    const error = await writtenTooLate();
    expect(() => afterConnectionLoss("nothing written")(error)).toThrow(DatabaseUnavailable);
  });
});
