// Starts a fake of each payment provider and prints the settings with which Jifen uses it. Ctrl-C ends them.
import { startAlipay, startEpay, startStripe, startWechatpay } from "@jifen/testkit/gateways";

const PUBLIC_URL = process.env["PUBLIC_URL"] ?? "http://localhost:3001";
const FIRST_PORT = Number(process.env["FAKE_GATEWAYS_PORT"] ?? 4_100);

const starts = { stripe: startStripe, alipay: startAlipay, wechatpay: startWechatpay, epay: startEpay };

const fakes = await Promise.all(
  Object.entries(starts).map(async ([channel, start], at) => {
    const fake = await start({ port: FIRST_PORT + at });
    fake.turn({ notifyUrl: `${PUBLIC_URL}/payments/${channel}/notify` });
    return { channel, fake };
  }),
);

for (const { channel, fake } of fakes) {
  console.log(`# ${channel}: ${fake.url}`);
  for (const [name, value] of Object.entries(fake.settings)) console.log(`${name}=${value}`);
}
console.log(`# Pay at /pay/ORDER. POST JSON to /switches to lose, repeat, delay or forge notices; GET /books shows all trades.
# 在 /pay/订单号 付款。向 /switches 发送 JSON 可丢弃、重复、延迟或伪造通知；/books 列出全部交易。`);
