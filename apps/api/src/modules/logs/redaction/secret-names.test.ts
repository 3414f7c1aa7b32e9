import { describe, expect, test } from "vitest";
import { createSecretNames, hasWords } from "./secret-names.ts";

describe("names of secrets", () => {
  const isSecretName = createSecretNames(["idCard", "phone", "身份证"]);

  test.each([
    ["password", "userPassword", "new_password", "PASSWORD", "passWord", "passwd", "pwd", "pass-phrase", "password2"],
    ["secret", "clientSecret", "AWS_SECRET_ACCESS_KEY", "secrets", "secretKey", "secretkey"],
    ["token", "accessToken", "access_token", "X-Auth-Token", "accesstoken", "oauth2Token", "token-1", "用户Token"],
    ["authorization", "Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "cookies", "sessionCookie"],
    ["credential", "credentials", "awsCredentials", "api key", "apiKey", "APIKey", "api_key", "x-api-key", "apikey"],
    ["API_KEYS", "openaiAPIKey", "privateKey", "private.key", "accessKey", "access-key-id"],
    ["idCard", "id_card", "ID-Card", "userIdCardNumber", "phone", "phone2", "home_phone", "身份证", "user_身份证"],
  ])("%s, %s and the other names of the row are secret", (...names) => {
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  });

  test.each([
    ["promptTokens", "completion_tokens", "tokens", "tokenizer", "tokenized", "maxTokens"],
    ["passive", "bypass", "compass", "secretary", "keyboard", "key", "apiKeyboard", "keyApi", "api", "private"],
    ["author", "authorized", "cook", "cookieless", "accreditation", "prompt", "creditCost", "", "-", "提示词", "令"],
    ["idCards", "cardId", "id", "card", "phones", "iphone", "telephone", "身份", "身份证号"],
  ])("%s, %s and the other names of the row are not secret", (...names) => {
    expect(names.filter(isSecretName)).toEqual([]);
  });

  test("a name is judged the same again, after more names than are remembered", () => {
    for (let n = 0; n < 3_000; n += 1) expect(isSecretName(`field${n}x`)).toBe(false);
    expect(isSecretName("apiKey")).toBe(true);
    expect(isSecretName("field1x")).toBe(false);
  });

  test.each(["phone", "身份证", "x-1"])("%s has words", (name) => expect(hasWords(name)).toBe(true));
  test.each(["", " ", "*", "--"])("%j has no words", (name) => expect(hasWords(name)).toBe(false));
});
