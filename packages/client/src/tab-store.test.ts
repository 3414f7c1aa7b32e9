import { afterEach, expect, test, vi } from "vitest";
import { createTabStore } from "./tab-store.ts";

const isText = (value: unknown): value is string => typeof value === "string";

/** What a tab stores: a reload keeps it, and nothing else of the page. */
function useStorage() {
  const stored = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
    removeItem: (name: string) => stored.delete(name),
  });
  return stored;
}

afterEach(() => vi.unstubAllGlobals());

test("a reload of the page finds what was kept, until it is forgotten", () => {
  useStorage();
  createTabStore(isText).keep("key", "value");
  const reloaded = createTabStore(isText);
  expect(reloaded.find("key")).toBe("value");
  reloaded.forget("key");
  expect(createTabStore(isText).find("key")).toBeUndefined();
});

test.each(["{", "5", "null"])("a stored text that is no value of the store is ignored: %s", (text) => {
  useStorage().set("key", text);
  expect(createTabStore(isText).find("key")).toBeUndefined();
});

const fail = (name: string) => () => {
  throw new DOMException("no storage", name);
};

test.each([
  {
    says: "full",
    storage: { value: { getItem: () => null, setItem: fail("QuotaExceededError"), removeItem: () => {} } },
  },
  { says: "blocked", storage: { get: fail("SecurityError") } },
  { says: "missing", storage: { value: undefined } },
])("a page whose storage is $says keeps its values itself", ({ storage }) => {
  vi.stubGlobal("sessionStorage", undefined);
  Object.defineProperty(globalThis, "sessionStorage", { ...storage, configurable: true });
  const store = createTabStore(isText);
  store.keep("key", "value");
  expect(store.find("key")).toBe("value");
  store.forget("key");
  expect(store.find("key")).toBeUndefined();
});
