import type { Socket } from "node:net";
import { expect, test } from "vitest";
import type { Connection } from "./connection.ts";
import { findLateness } from "./deadlines.ts";

const deadlines = { bodyMs: 5_000, unreadMs: 10_000, bytesPerSecond: 1_000, windowMs: 30_000 };

/** A connection with a socket that the test changes. */
function trackedConnection() {
  const socket = { bytesRead: 100, bytesWritten: 0, writableLength: 0, _httpMessage: null as object | null };
  const connection: Connection = {
    socket: socket as unknown as Socket,
    address: "203.0.113.1",
    isFromProxy: false,
    openedAtMs: 0,
    verifiedAtMs: 0,
    credential: undefined,
    waitingRequests: 0,
    isLast: false,
    body: undefined,
    unread: undefined,
    idleSinceMs: undefined,
  };
  return { socket, check: (atMs: number) => findLateness(connection, atMs, deadlines) };
}

test("a body without progress is late after its time, and one that arrives fast enough is not", () => {
  const { socket, check } = trackedConnection();
  socket._httpMessage = { req: { complete: false } };
  expect([check(0), check(5_000), check(5_001)]).toEqual([undefined, undefined, "body"]);
  socket.bytesRead += 2_000;
  expect([check(7_000), check(7_001)]).toEqual([undefined, "body"]);
});

test("one byte at a time does not keep a body alive", () => {
  const { socket, check } = trackedConnection();
  socket._httpMessage = { req: { complete: false } };
  let late: string | undefined;
  let nowMs = 0;
  for (; late === undefined && nowMs < 60_000; nowMs += 500) {
    socket.bytesRead += 1;
    late = check(nowMs);
  }
  expect({ late, isInTime: nowMs < 6_500 }).toEqual({ late: "body", isInTime: true });
});

test("each body of a connection has its own time", () => {
  const { socket, check } = trackedConnection();
  for (let at = 0; at < 10; at += 1) {
    socket._httpMessage = { req: { complete: false } };
    expect(check(at * 4_000)).toBeUndefined();
    expect(check(at * 4_000 + 3_000)).toBeUndefined();
  }
});

test("an answer that is not read is late after its time, and the next answer has its own", () => {
  const { socket, check } = trackedConnection();
  socket.writableLength = 1_000_000;
  socket.bytesWritten = 1_000_000;
  socket._httpMessage = { req: { complete: true } };
  expect([check(0), check(10_000)]).toEqual([undefined, undefined]);
  socket._httpMessage = { req: { complete: true } };
  expect([check(10_001), check(20_001), check(20_002)]).toEqual([undefined, undefined, "answer"]);
});

test("a long answer that is read fast enough is never late", () => {
  const { socket, check } = trackedConnection();
  socket.writableLength = 1_000;
  socket._httpMessage = { req: { complete: true } };
  for (let nowMs = 0; nowMs < 300_000; nowMs += 500) {
    socket.bytesWritten += 600;
    expect(check(nowMs)).toBeUndefined();
  }
  expect(check(300_000 + 70_000)).toBe("answer");
});

test("a stream that was read fast for an hour is late soon after its client stops to read", () => {
  const { socket, check } = trackedConnection();
  socket.writableLength = 1_000;
  socket._httpMessage = { req: { complete: true } };
  let nowMs = 0;
  for (; nowMs < 3_600_000; nowMs += 500) {
    socket.bytesWritten += 1_000_000;
    expect(check(nowMs)).toBeUndefined();
  }
  const stoppedMs = nowMs;
  while (check(nowMs) === undefined) nowMs += 500;
  expect(nowMs - stoppedMs).toBeLessThan(45_000);
});

test("a connection that waits for its next request is never late here", () => {
  const { check } = trackedConnection();
  expect([check(0), check(1_000_000)]).toEqual([undefined, undefined]);
});
