import type { DatabaseKind } from "../../packages/testkit/src/fresh-database.ts";
import type { PromiseId } from "../../packages/testkit/src/promise.ts";

/** Where the tests of a promise are. They are selected by the tags of `promise(id, kind)`. */
export type Proof = {
  readonly file: string;
  /** It disturbs other tests on the same server, so it runs by itself. */
  readonly runsAlone?: true;
};

/** A promise about databases in both languages, with its proof on each kind; a kind without a proof is missing. */
export type DatabasePromise = {
  readonly id: PromiseId;
  readonly en: string;
  readonly zh: string;
  readonly proofs: Readonly<Partial<Record<DatabaseKind, Proof>>>;
};

/** The kinds of databases, in the order of the table's columns. */
export const kinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const satisfies readonly DatabaseKind[];
/** Kinds that several processes can use. */
const servers = ["postgresql", "mysql", "mongodb"] as const;
/** SQL servers; MongoDB has connection tests of its own. */
const sqlServers = ["postgresql", "mysql"] as const;
const suites = "packages/database/test";

/** Proved on every database in the file of that database. */
const onEach: DatabasePromise["proofs"] = Object.fromEntries(
  kinds.map((kind) => [kind, { file: `${suites}/${kind}.test.ts` }]),
);

/** Proved on several databases in one file. */
const inFile = (file: string, on: readonly DatabaseKind[] = kinds): DatabasePromise["proofs"] =>
  Object.fromEntries(on.map((kind) => [kind, { file }]));

const mongodbConnectionLoss = { mongodb: { file: `${suites}/mongodb-connection-loss.test.ts` } };

/** All promises, the most important first. */
export const promises: readonly DatabasePromise[] = [
  {
    id: "durable-commit",
    en: "A commit is atomic and durable, and is decided on current data",
    zh: "提交是原子的、持久的，并基于当前数据作出决定",
    proofs: onEach,
  },
  {
    id: "model",
    en: "Tens of thousands of random requests have the results and the rows of an independent model",
    zh: "数万个随机请求的结果和数据与独立模型完全一致",
    proofs: inFile("torture/test/model.slow.test.ts"),
  },
  {
    id: "concurrent-clients",
    en: "Concurrent clients over two connections: no credit is lost, invented or spent twice",
    zh: "多个客户端通过两个连接并发：积分不丢失、不凭空产生、不重复消费",
    proofs: onEach,
  },
  {
    id: "two-processes",
    en: "The same with two servers, one of them with a wrong clock",
    zh: "两个服务器进程同时运行（其中一个时钟错误）：同样成立",
    proofs: inFile("torture/test/two-processes.slow.test.ts", servers),
  },
  {
    id: "race-matrix",
    en: "Every pair of requests on one account is correct in every interleaving",
    zh: "同一账户上任意两种请求的任意交错都正确",
    proofs: inFile("torture/test/interleavings.test.ts", servers),
  },
  {
    id: "connection-loss",
    en: "A connection lost at any statement: no effect, or a retry with the key settles the outcome",
    zh: "连接在任意语句处中断：要么没有生效，要么用同一幂等键重试得到确定结果",
    proofs: { ...inFile(`${suites}/connection-loss.test.ts`, sqlServers), ...mongodbConnectionLoss },
  },
  {
    id: "database-unavailable",
    en: "A database that is down or hangs: every request ends, and one without effect says so",
    zh: "数据库断开或无响应：每个请求都会结束，未生效的明确说明",
    proofs: { ...inFile(`${suites}/server-gone.test.ts`, sqlServers), ...mongodbConnectionLoss },
  },
  {
    id: "abort-in-flight",
    en: "When the database stops responding, pending requests are aborted; nothing is lost or done twice",
    zh: "数据库停止响应时立即中止等待中的请求；不丢失、不重复",
    proofs: inFile(`${suites}/abort-in-flight.test.ts`, servers),
  },
  {
    id: "table-constraints",
    en: "The tables themselves refuse inconsistent rows, and changes of entries (MongoDB: inconsistent rows)",
    zh: "数据表自身拒绝不一致的数据和对流水的修改（MongoDB：拒绝不一致的数据）",
    proofs: onEach,
  },
  {
    id: "exact-values",
    en: "Amounts are exact to the last credit, texts byte for byte: case, trailing spaces, 4-byte characters, 64 KB",
    zh: "金额精确到个位，文本逐字节一致：大小写、尾部空格、四字节字符、64 KB",
    proofs: onEach,
  },
  {
    id: "complete-snapshot",
    en: "A decision gets all rows that it needs, in one snapshot",
    zh: "决策所见的数据完整且属于同一快照",
    proofs: onEach,
  },
  {
    id: "exact-write-set",
    en: "A decision changes exactly the rows of its write set",
    zh: "只写入决策要求的变更",
    proofs: onEach,
  },
  {
    id: "extra-writes",
    en: "Extra rows of a command are written in its transaction: both or neither",
    zh: "命令附带的行与命令在同一事务中写入：要么都生效，要么都不生效",
    proofs: onEach,
  },
  {
    id: "committed-reads",
    en: "Balances are read from committed data",
    zh: "余额读取的是已提交数据",
    proofs: onEach,
  },
  { id: "history", en: "The history is correct, page by page", zh: "历史记录逐页准确", proofs: onEach },
  {
    id: "audit-snapshot",
    en: "An audit reads each account in one snapshot and blocks no writes",
    zh: "核账读取同一快照的数据，不阻塞写入",
    proofs: onEach,
  },
  { id: "users-and-logs", en: "Users and logs", zh: "用户与日志", proofs: onEach },
  { id: "identity", en: "Identity: sessions, links, roles", zh: "身份：会话、链接、角色", proofs: onEach },
  { id: "service-keys", en: "Service keys", zh: "服务密钥", proofs: onEach },
  {
    id: "redemption-codes",
    en: "A redemption code is claimed at most as often as it can be used, once by each user",
    zh: "兑换码的兑换次数不超过上限，每个用户只兑换一次",
    proofs: onEach,
  },
  {
    id: "orders-and-payments",
    en: "Orders, payments and refunds: each change happens once, each due row is claimed by one process",
    zh: "订单、付款与退款：每次变更只发生一次，每条待处理记录只由一个进程领取",
    proofs: onEach,
  },
  {
    id: "outgoing-events",
    en: "An outgoing event is written with its change, and one process at a time sends it",
    zh: "对外事件与其变更一同写入，同一时间只由一个进程投递",
    proofs: onEach,
  },
  { id: "shared-counters", en: "Rate limit counters that servers share", zh: "多进程共享的限流计数", proofs: onEach },
  {
    id: "transfer",
    en: "All data can be transferred to another database and back",
    zh: "全部数据可迁移到另一数据库再迁回",
    proofs: onEach,
  },
  {
    id: "concurrent-migrations",
    en: "Ten servers start concurrently: migrations run once; a failed migration leaves a defined state",
    zh: "十个进程同时启动：升级只执行一次；失败时状态明确",
    proofs: {
      ...inFile(`${suites}/migrations.test.ts`, ["sqlite", ...sqlServers]),
      mongodb: { file: `${suites}/mongodb-migrations.test.ts` },
    },
  },
  {
    id: "schema",
    en: "Every key of account data begins with the account; tables and models agree",
    zh: "账户数据的所有键都以账户开头，表结构与模型一致",
    proofs: inFile(`${suites}/models-agree.test.ts`),
  },
  {
    id: "failover",
    en: "A primary is killed (MongoDB: steps down) and another takes over: no acknowledged write is lost",
    zh: "主库被杀（MongoDB：主节点退位）、由另一节点接管：已确认的写入不丢失",
    proofs: {
      postgresql: { file: "torture/test/promotion.slow.test.ts" },
      mongodb: { file: "torture/test/step-down.slow.test.ts", runsAlone: true },
    },
  },
  {
    id: "unreplicated-commit",
    en: "A commit whose wait for the synchronous standby was cancelled is not reported as successful, nor is its retry",
    zh: "被取消等待同步备库的提交不会被当作成功，重试也不会",
    proofs: { postgresql: { file: `${suites}/synchronous-standby.test.ts` } },
  },
];
