import { bilingual } from "@jifen/contract";

/** How many sums by action one request reads: callers choose the names of actions, so there can be as many as calls. */
export const MAX_SUMS = 50_000;

/** The issue of a request that would read more. @param path the field that asks for sums by action */
export const tooManySums = (path: string) => ({
  path,
  message: bilingual({
    zh: `该时间范围内按操作的数据太多：请缩小时间范围，或去掉 ${path}`,
    en: `there are too many actions in this range; narrow the range, or leave out ${path}`,
  }),
});
