import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { redactText } from "./redact-text.ts";

/** Characters as in a key: letters of both cases and digits. Keys are made here, so that no scanner takes them for real. */
const made = (length: number): string => "a1B2c3D4e5F6g7H8i9J0".repeat(Math.ceil(length / 20)).slice(0, length);
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = [encoded({ alg: "HS256", typ: "JWT" }), encoded({ sub: "1234567890" }), made(43)].join(".");
const jwe = [encoded({ alg: "dir", enc: "A256CBC-HS512" }), "", made(22), made(200), made(43)].join(".");
const pem = (label: string, body = `${made(64)}\n${made(30)}`): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;

/** The text after redaction, and the number of places. */
const redact = (text: string) => redactText(text) ?? { value: text, places: 0 };

describe("a text with a secret", () => {
  test.each([
    { says: "a bearer token", text: `Bearer ${made(30)}` },
    { says: "a JWT", text: jwt },
    { says: "an encrypted JWT", text: jwe },
    { says: "a key of OpenAI", text: `sk-proj-${made(40)}_${made(20)}-${made(30)}` },
    { says: "a key of Anthropic", text: `sk-ant-api03-${made(90)}-${made(10)}` },
    { says: "a key of DeepSeek", text: `sk-${"0123456789abcdef".repeat(2)}` },
    { says: "a key of Stripe", text: `sk_live_${made(24)}` },
    { says: "a secret of webhooks", text: `whsec_${made(20)}/${made(9)}+=` },
    { says: "a key of AWS", text: `AKIA${"ABCD2345".repeat(2)}` },
    { says: "a key of Alibaba Cloud", text: `LTAI${made(20)}` },
    { says: "a key of Volcengine", text: `AKLT${made(40)}` },
    { says: "a key of Google", text: `AIza${made(35)}` },
    { says: "a token of GitHub", text: `ghp_${made(36)}` },
    { says: "a fine-grained token of GitHub", text: `github_pat_${made(22)}_${made(59)}` },
    { says: "a token of GitLab", text: `glpat-${made(20)}` },
    { says: "a token of Slack", text: `xoxb-${made(12)}-${made(24)}` },
    { says: "a token of Hugging Face", text: `hf_${made(34)}` },
    { says: "a token of Replicate", text: `r8_${made(37)}` },
    { says: "a key of SendGrid", text: `SG.${made(22)}.${made(43)}` },
    { says: "a key of Jifen", text: `jf_live_${made(50)}` },
    { says: "a private key", text: pem("RSA PRIVATE KEY") },
    { says: "a private key of PGP", text: pem("PGP PRIVATE KEY BLOCK") },
    { says: "a certificate", text: pem("CERTIFICATE") },
    { says: "the beginning of a private key", text: pem("PRIVATE KEY").slice(0, 60) },
  ])("$says is redacted, as a value and in a sentence", ({ text }) => {
    const scheme = text.startsWith("Bearer ") ? "Bearer " : "";
    expect(redact(text)).toEqual({ value: `${scheme}[redacted]`, places: 1 });
    const value = redact(`密钥：${text}`).value;
    expect(value).toBe(`密钥：${scheme}[redacted]`);
    if (text.includes("-----BEGIN") && !text.includes("-----END")) return;
    expect(redact(`it was "${text}", 然后失败`).value).toBe(`it was "${scheme}[redacted]", 然后失败`);
  });

  test("each place is redacted and counted, and the rest of the text stays", () => {
    const text = `curl -H 'authorization: bearer ${made(20)}' https://example.com/v1?key=AIza${made(35)}&q=1 # ${jwt}.`;
    expect(redact(text)).toEqual({
      value: "curl -H 'authorization: bearer [redacted]' https://example.com/v1?key=[redacted]&q=1 # [redacted]",
      places: 3,
    });
    expect(redact(`${pem("PUBLIC KEY")} and ${pem("EC PRIVATE KEY")}!`)).toEqual({
      value: "[redacted] and [redacted]!",
      places: 2,
    });
  });

  test.each([
    "the bearer of good news",
    "bearer responsibilities",
    "Bearer of the ring, 2026",
    "the ring bearer",
    "Bearer [redacted]",
    "sk-estimator-pipeline-v2-final-2026",
    "task-management-with-many-parts-a1b2c3d4e5f6g7",
    "risk-a1b2c3d4e5f6g7h8",
    "sk-SK",
    `jf_live_${made(12)}`,
    "AKIA",
    "AKIARA1234567890ABCDEFGH",
    "eyJhbGciOi",
    "eyJ is how JSON begins in base64",
    "file.name.with.dots.and.more.dots",
    "-----BEGIN-----",
    "-----BEGIN the story-----",
    "01a204b4-5303-7418-b801-582278094d4e",
    "https://cdn.example.com/videos/2026/11/28/a-long-file-name-0123456789.mp4?width=1920&height=1080",
    "user@example.com",
    "一只橘猫坐在窗台上看雨，电影质感，镜头缓慢推进。".repeat(100),
    "the quick brown fox jumps over the lazy dog ".repeat(100),
  ])("%s is kept", (text) => {
    expect(redactText(text)).toBeUndefined();
  });
});

describe("a text with encoded data", () => {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, n) => (n * n * 31 + n) % 256));
  const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
  const image = bytes(48_213);

  test("a data URI leaves its type, its size and its SHA-256", () => {
    expect(redact(`data:image/png;base64,${image.toString("base64")}`)).toEqual({
      value: `[base64 image/png 48,213 bytes sha256:${sha256(image)}]`,
      places: 1,
    });
  });

  test("base64 leaves its size and its SHA-256, with either alphabet", () => {
    const value = `[base64 48,213 bytes sha256:${sha256(image)}]`;
    expect(redact(image.toString("base64")).value).toBe(value);
    expect(redact(image.toString("base64url")).value).toBe(value);
  });

  test("base64 in lines leaves one description", () => {
    const lines = (length: number, end: string) =>
      image.toString("base64").replaceAll(new RegExp(`.{${length}}`, "g"), `$&${end}`);
    const value = `[base64 48,213 bytes sha256:${sha256(image)}]`;
    expect(redact(lines(76, "\r\n")).value).toBe(value);
    expect(redact(`>>>${lines(64, "\n")}<<<`).value).toBe(`>>>${value}<<<`);
  });

  test("encoded data in a sentence is replaced, and the rest of the text stays", () => {
    const [one, two] = [bytes(1_500), bytes(9_000)];
    const text = `![图](data:image/webp;name=a.webp;base64,${one.toString("base64")}) 和 ${two.toString("base64")}。`;
    expect(redact(text)).toEqual({
      value: `![图]([base64 image/webp 1,500 bytes sha256:${sha256(one)}]) 和 [base64 9,000 bytes sha256:${sha256(two)}]。`,
      places: 2,
    });
    const after = `${made(64)}\n${two.toString("base64")}`;
    expect(redact(after).value).toContain("\n[base64 9,000 bytes");
  });

  test("a data URI with percent encoding leaves its type, its size and its SHA-256", () => {
    const svg = `<svg>${"<path d='M0 0'/>".repeat(100)}</svg>`;
    const uri = `data:image/svg+xml,${encodeURIComponent(svg).replaceAll("'", "%27")}`;
    expect(redact(uri).value).toBe(`[data image/svg+xml 1,611 bytes sha256:${sha256(svg)}]`);
  });

  test.each([
    { says: "1 KB of base64", text: made(1_024) },
    { says: "a small icon", text: `data:image/png;base64,${bytes(700).toString("base64")}` },
    { says: "a protein", text: "MALWMRLLPLLALLALWGPD".repeat(200) },
    { says: "a hexadecimal number", text: "0123456789abcdef".repeat(200) },
    { says: "a ruler", text: "-".repeat(5_000) },
    { says: "a list of hashes", text: `${"0123456789abcdef".repeat(4)}\n`.repeat(50) },
    { says: "a list of ids", text: `${made(30)}\n`.repeat(100) },
    { says: "a prompt in words", text: `${made(50)} `.repeat(100) },
  ])("$says is kept", ({ text }) => {
    expect(redactText(text)).toBeUndefined();
  });

  test("one character more than 1 KB of base64 is replaced", () => {
    expect(redact(made(1_025)).value).toMatch(/^\[base64 768 bytes sha256:[0-9a-f]{64}\]$/);
  });
});

describe("the time to redact 64 KB", () => {
  test.each([
    "a",
    " ",
    "aB1",
    "bearer ",
    "Bearer\t\t\t\t",
    "eyJaaaaaaaaaaaa.",
    `SG.${"a".repeat(15)}.`,
    "sk-",
    "-----BEGIN ",
    "-----BEGIN A-----",
    "-----END ",
    "data:",
    "data:image/png;base64,",
    "data:a/b;a=b;a=b;a=b;",
    `${"b".repeat(70)}\n`,
    `${"b".repeat(70)}\n${"b".repeat(900)}\n`,
    `Aa1${"b".repeat(61)}\r\n`,
  ])("%j repeated takes less than half a second", (part) => {
    const text = part.repeat(Math.ceil(65_536 / part.length));
    const startMs = performance.now();
    for (const each of [text, `Bearer${text}`, `data:${text}`]) redactText(each);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
