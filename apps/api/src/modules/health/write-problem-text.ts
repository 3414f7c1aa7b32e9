import type { Wording } from "@jifen/contract";
import type { WriteProblem } from "@jifen/database";

/** What is wrong, and what an operator can do about it. */
export const writeProblemTexts: Readonly<Record<WriteProblem, { readonly is: Wording; readonly remedy: Wording }>> = {
  "read-only": {
    is: { en: "the database is read-only", zh: "数据库只读" },
    remedy: {
      en: "after a failover, point DATABASE_URL at the primary or promote the standby (default_transaction_read_only, read_only); for a file, make it and its folder writable for the user of the server",
      zh: "故障切换后请让 DATABASE_URL 指向主库或提升备库（default_transaction_read_only、read_only）；嵌入式数据库请让运行用户可写该文件及其目录",
    },
  },
  full: {
    is: { en: "the disk of the database is full", zh: "数据库磁盘已满" },
    remedy: {
      en: "free or add disk space; Jifen continues by itself",
      zh: "请释放或增加磁盘空间；Jifen 会自动恢复",
    },
  },
  forbidden: {
    is: { en: "the database user lacks a right", zh: "数据库用户缺少权限" },
    remedy: {
      en: "grant SELECT, INSERT, UPDATE and DELETE on all tables of Jifen to the user of DATABASE_URL",
      zh: "请授予 DATABASE_URL 中的用户对 Jifen 所有表的 SELECT、INSERT、UPDATE 和 DELETE 权限",
    },
  },
  locked: {
    is: { en: "another program keeps the database file locked", zh: "数据库文件被其他程序锁定" },
    remedy: {
      en: "end the other program's transaction, such as an open sqlite3 shell; take backups with jifen backup",
      zh: "请结束其他程序（例如 sqlite3 命令行）的事务；备份请用 jifen backup",
    },
  },
  unconfirmed: {
    is: { en: "the database does not confirm writes", zh: "数据库不确认写入" },
    remedy: {
      en: "check the synchronous standby or the members of the replica set, and the disk",
      zh: "请检查同步备库或副本集成员，以及磁盘",
    },
  },
  failing: {
    is: { en: "the database refuses writes", zh: "数据库拒绝写入" },
    remedy: { en: "read the error and the log of the database", zh: "请查看错误信息和数据库日志" },
  },
};
