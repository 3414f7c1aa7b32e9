import type { Language, Wording } from "@jifen/contract";
import type { ClientCode } from "./error.ts";

const sentences: Readonly<Record<ClientCode, Wording>> = {
  NETWORK_ERROR: {
    zh: "连接不上服务器，请检查网络后重试",
    en: "The server cannot be reached; check the network and try again",
  },
  UNEXPECTED_ANSWER: {
    zh: "服务器的应答无法识别，请稍后重试",
    en: "The answer was not one of Jifen's; try again later",
  },
  ABORTED: { zh: "请求已取消", en: "The call was aborted" },
  NOT_SENT: { zh: "请求未能发出", en: "The request could not be made" },
};

/** What a person reads when the server could not word it. Chinese unless English was asked for. */
export const wordingOf = (code: ClientCode, language: Language | undefined): string =>
  sentences[code][language ?? "zh"];
