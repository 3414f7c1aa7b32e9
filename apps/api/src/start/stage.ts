/** The steps of a start, in their order, and the run of a command. */
const stages = {
  settings: { en: "reading the settings", zh: "读取配置" },
  "data folder": { en: "using the data folder DATA_DIR", zh: "使用数据目录 DATA_DIR" },
  listening: { en: "listening on HOST and PORT", zh: "监听 HOST 和 PORT" },
  database: { en: "opening the database", zh: "打开数据库" },
  services: { en: "preparing the services", zh: "准备服务" },
  users: { en: "creating the users of the settings", zh: "创建配置中的用户" },
  command: { en: "running the command", zh: "运行命令" },
} as const;

/** A step of a start. */
export type Stage = keyof typeof stages;

/** What a stage does, in both languages. */
export const stageText = (stage: Stage) => stages[stage];

/** A stage failed with an error that is the cause. */
export class StageFailed extends Error {
  override name = "StageFailed";
  readonly stage: Stage;

  constructor(stage: Stage, cause: unknown) {
    super(stages[stage].en, { cause });
    this.stage = stage;
  }
}

/** Runs a stage. @throws StageFailed of the innermost stage */
export async function inStage<Result>(stage: Stage, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StageFailed ? error : new StageFailed(stage, error);
  }
}
