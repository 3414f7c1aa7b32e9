import { callRest, type RestAnswer } from "@jifen/testkit";
import { type Server, startServer } from "./start-server.ts";

/** Users who log in beside a flood of wrong logins. */
export const people = Array.from({ length: 20 }, (_, n) => ({
  email: `person-${n}@example.com`,
  password: `password-${n}`,
}));

/** The numbers from 0. */
export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** The distinct statuses of answers, in order. */
export const statuses = (answers: readonly RestAnswer[]): readonly number[] =>
  [...new Set(answers.map(({ status }) => status))].toSorted();

/** A login through a proxy, from this address. */
export const loginFrom = (url: string, address: string, body: object): Promise<RestAnswer> =>
  callRest(url, "POST", "/auth/login", { body, headers: { "x-forwarded-for": address } });

/** Starts a server with `people` behind a proxy. */
export const startServerOfPeople = (): Promise<Server> =>
  startServer("sqlite", {
    TRUST_PROXY: "loopback",
    RATE_LIMIT_LOGIN: "1000/1m",
    USER_WHITELIST: people.map(({ email, password }) => `${email}:${password}`).join(","),
  });
