import { startEpay } from "@jifen/testkit/gateways";
import { describe, expect, test } from "vitest";
import { cleanEpayUrl, type EpayConfig, epayUrlProblem } from "../src/epay/config.ts";
import { openEpay } from "../src/epay/open-epay.ts";
import { epaySignature } from "../src/epay/sign.ts";
import { describeGateway, type OpenForTest } from "./describe-gateway.ts";

const openWith =
  (change: Partial<EpayConfig>): OpenForTest =>
  ({ EPAY_URL: url = "", EPAY_PID: pid = "", EPAY_KEY: key = "" }, options) => {
    const config: EpayConfig = {
      ...{ url, pid, key, types: ["alipay", "wxpay"], mode: "redirect", isConfirmed: true, canRefund: true },
      ...change,
    };
    return openEpay(config, options);
  };

const wrongKey = (settings: Readonly<Record<string, string>>) => ({ ...settings, EPAY_KEY: "another" });

describeGateway("epay", {
  start: startEpay,
  open: openWith({}),
  wrongKey,
  ...{ asksOnCreate: false, signsAnswers: false },
});

describeGateway("epay by mapi.php", {
  start: startEpay,
  open: openWith({ mode: "api" }),
  wrongKey,
  ...{ asksOnCreate: true, signsAnswers: false },
});

describeGateway("epay without confirmation", {
  start: startEpay,
  open: openWith({ isConfirmed: false }),
  wrongKey,
  ...{ asksOnCreate: false, signsAnswers: false },
});

describe("the signature of epay", () => {
  // Made by `printf '%s' 'money=9.90&name=100 积分&out_trade_no=a1&pid=1001my-key' | md5sum`.
  test("epaySignature equals md5sum over sorted fields without the empty ones", () => {
    const fields = {
      pid: "1001",
      name: "100 积分",
      money: "9.90",
      out_trade_no: "a1",
      param: "",
      sign: "x",
      sign_type: "MD5",
    };
    expect(epaySignature(fields, "my-key")).toBe("5c7bb98518bf1ae2b846f13f9e7d11f8");
  });
});

describe("the address of an epay gateway", () => {
  test.each([
    ["https://pay.example.com", true],
    ["http://pay.example.com", true],
    ["http://203.0.113.7:8080", true],
    ["https://127.0.0.1:8443", false],
    ["http://localhost:3000", false],
    ["http://pay.localhost", false],
    ["http://192.168.1.7", false],
    ["http://[::1]:3000", false],
    ["http://[fd00::1]", false],
  ])("an epay gateway at %s takes real money: %s", (url, live) => {
    expect(openWith({ url })({}, {})).toMatchObject({ live });
  });

  test.each([
    ["https://pay.example.com", "https://pay.example.com"],
    ["https://pay.example.com/", "https://pay.example.com"],
    ["https://pay.example.com//mapi.php", "https://pay.example.com"],
    ["https://pay.example.com/submit.php/", "https://pay.example.com"],
    ["https://example.com/pay/api.php", "https://example.com/pay"],
  ])("cleanEpayUrl makes of %s the address %s", (given, clean) => {
    expect(cleanEpayUrl(given)).toBe(clean);
    expect(epayUrlProblem(given)).toBeUndefined();
  });

  test.each(["pay.example.com", "ftp://pay.example.com", "https://pay.example.com/v1", "https://pay.example.com/?a=1"])(
    "epayUrlProblem refuses %s",
    (url) => {
      expect(epayUrlProblem(url)).toMatch(/^must /);
    },
  );
});
