/** What a database must do, and the tests that show it. The table of docs/databases.md is made from this, and so is `verify:db`. */

/** A kind of database that the tests know how to reach. */
export type Kind = "sqlite" | "postgresql" | "mysql" | "mongodb";

/** The titles of a describe or a test, from the outermost on, and the file that has them. */
export type Proof = {
  readonly file: string;
  readonly titles: readonly string[];
  /** It disturbs whoever works on the server meanwhile. */
  readonly isAlone?: true;
};

/** One promise, in both languages, and what shows it on each database; nothing shows it where the kind is missing. */
export type Kept = {
  readonly en: string;
  readonly zh: string;
  readonly proofs: Readonly<Partial<Record<Kind, Proof>>>;
};

const names: Readonly<Record<Kind, string>> = {
  sqlite: "SQLite",
  postgresql: "PostgreSQL",
  mysql: "MySQL or MariaDB",
  mongodb: "MongoDB",
};
const kinds = Object.keys(names) as readonly Kind[];
/** Those that are reached from several processes. */
const servers = ["postgresql", "mysql", "mongodb"] as const;
/** Those whose wire is cut by the same tests: MongoDB has its own. */
const sqlServers = ["postgresql", "mysql"] as const;
const suites = "packages/database/test";

/** Shown on every database by the suite of this title. */
const onEach = (title: string): Kept["proofs"] =>
  Object.fromEntries(
    kinds.map((kind) => [kind, { file: `${suites}/${kind}.test.ts`, titles: [`on ${names[kind]}`, title] }]),
  );

/** Shown by one file, with a title that has the kind in it. */
const byFile = (file: string, titleOf: (kind: Kind) => string, on: readonly Kind[] = kinds): Kept["proofs"] =>
  Object.fromEntries(on.map((kind) => [kind, { file, titles: [titleOf(kind)] }]));

const only = (kind: Kind, file: string, ...titles: readonly string[]): Kept["proofs"] => ({ [kind]: { file, titles } });

const mongodbWire = [`${suites}/mongodb-connection-loss.test.ts`, "when the wire to MongoDB"] as const;

/** All promises, the most important first. */
export const promises: readonly Kept[] = [
  {
    en: "A commit is whole, durable, and decided on what is there",
    zh: "提交是原子的、持久的，并基于当前数据作出决定",
    proofs: onEach("the ledger's store"),
  },
  {
    en: "Tens of thousands of random requests are answered as a model answers them, and leave what it has",
    zh: "数万个随机请求的结果与模型完全一致",
    proofs: byFile("torture/test/model.test.ts", (kind) => `the ledger on ${kind}`),
  },
  {
    en: "Many callers at once, over two connections: no credit lost, made up, or spent twice",
    zh: "多方并发（两个连接）：积分不丢失、不凭空产生、不重复消费",
    proofs: onEach("many at once"),
  },
  {
    en: "Two servers at once, one with a wrong clock: the same",
    zh: "两个服务器进程同时运行（其中一个时钟错误）：同样成立",
    proofs: byFile(
      "torture/test/two-processes.test.ts",
      (kind) => `two servers on one ${kind}, one of them with a clock an hour ahead`,
      servers,
    ),
  },
  {
    en: "Every request meets every other one on an account, at every moment",
    zh: "任意两种请求在同一账户的任意时刻相遇都正确",
    proofs: byFile("torture/test/interleavings.test.ts", (kind) => `two processes on one ${kind}`, servers),
  },
  {
    en: "A connection cut at any statement: nothing was done, or a retry with the key settles it",
    zh: "连接在任意语句处中断：要么没有生效，要么用同一幂等键重试得到确定结果",
    proofs: {
      ...byFile(`${suites}/connection-loss.test.ts`, (kind) => `when the wire to ${kind} is cut`, sqlServers),
      ...only("mongodb", ...mongodbWire, "is cut"),
    },
  },
  {
    en: "A database that is gone or hangs: every question has an end, and what had no effect says so",
    zh: "数据库断开或无响应：每个请求都会结束，未生效的明确说明",
    proofs: {
      ...byFile(`${suites}/server-gone.test.ts`, (kind) => `when ${kind}`, sqlServers),
      ...only("mongodb", ...mongodbWire, "leads to a server"),
    },
  },
  {
    en: "One that stops without a word is given up: nobody waits for it any longer, nothing is lost or done twice",
    zh: "数据库无声停顿时立即放弃等待：无人空等，不丢失、不重复",
    proofs: byFile(
      `${suites}/abort-in-flight.test.ts`,
      (kind) => `a ${kind} that has stopped in the middle of a conversation`,
      servers,
    ),
  },
  {
    en: "The tables themselves refuse a wrong book, and keep the journal (on MongoDB: refuse a wrong book)",
    zh: "数据表自身拒绝错误账目并保护流水（MongoDB：拒绝错误账目）",
    proofs: onEach("the tables"),
  },
  {
    en: "Amounts to the last credit, texts byte for byte: case, trailing spaces, 4-byte characters, 64 KB",
    zh: "金额精确到个位，文本逐字节一致：大小写、尾部空格、四字节字符、64 KB",
    proofs: onEach("exact values"),
  },
  {
    en: "What a decision is shown is what it needs, as of one moment",
    zh: "决策所见的数据完整且属于同一时刻",
    proofs: onEach("what a decision is shown"),
  },
  {
    en: "What a decision writes is all that changes",
    zh: "只写入决策要求的变更",
    proofs: onEach("what a decision writes"),
  },
  {
    en: "Balances are read from what is committed",
    zh: "余额读取的是已提交数据",
    proofs: onEach("what is read without a decision"),
  },
  { en: "The history, page by page", zh: "历史记录逐页准确", proofs: onEach("the history") },
  {
    en: "An audit sees each account as of one moment, and stops nobody",
    zh: "核账读取同一时刻的数据，不阻塞写入",
    proofs: onEach("what an audit reads"),
  },
  { en: "Users and logs", zh: "用户与日志", proofs: onEach("users and logs") },
  { en: "Who somebody is: sessions, links, roles", zh: "身份：会话、链接、角色", proofs: onEach("who somebody is") },
  { en: "Service keys", zh: "服务密钥", proofs: onEach("service keys") },
  {
    en: "Counters of limits, shared by servers",
    zh: "多进程共享的限流计数",
    proofs: onEach("counters and what is over"),
  },
  {
    en: "Everything moves to another database and back",
    zh: "全部数据可迁移到另一数据库",
    proofs: onEach("what is moved"),
  },
  {
    en: "Ten servers start at once: migrations run once; one that fails leaves a clear state",
    zh: "十个进程同时启动：升级只执行一次；失败时状态明确",
    proofs: {
      ...byFile(`${suites}/migrations.test.ts`, (kind) => `migrating ${kind}`, ["sqlite", ...sqlServers]),
      ...only("mongodb", `${suites}/mongodb-migrations.test.ts`, "migrating MongoDB"),
    },
  },
  {
    en: "Every key of account data begins with the account; tables and models agree",
    zh: "账户数据的所有键都以账户开头，表结构与模型一致",
    proofs: byFile(`${suites}/models-agree.test.ts`, (kind) => `the migrations of ${kind}`),
  },
  {
    en: "A primary is killed (on MongoDB: steps down) and another takes its place: nothing acknowledged is lost",
    zh: "主库被杀（MongoDB：主节点退位）、由另一节点接管：已确认的写入不丢失",
    proofs: {
      ...only(
        "postgresql",
        "torture/test/promotion.test.ts",
        "a primary ends without a word under load and its standby takes its place: nothing acknowledged is lost",
      ),
      mongodb: {
        file: "torture/test/step-down.test.ts",
        titles: [
          "a primary of MongoDB steps down under load, again and again: nothing acknowledged is lost, or done twice",
        ],
        isAlone: true,
      },
    },
  },
  {
    en: "A commit that was told not to wait for its standby is not taken for done, nor found to be",
    zh: "被取消等待备库的提交不会被当作成功，重试也不会",
    proofs: only(
      "postgresql",
      `${suites}/synchronous-standby.test.ts`,
      "while the synchronous standby of postgresql is away",
    ),
  },
];
