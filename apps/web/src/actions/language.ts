"use server";

import { revalidatePath } from "next/cache";
import { keepLanguage, readLanguage } from "../lib/language.ts";

/** Switches between Chinese and English. */
export async function switchLanguage(): Promise<void> {
  await keepLanguage((await readLanguage()) === "zh" ? "en" : "zh");
  revalidatePath("/", "layout");
}
