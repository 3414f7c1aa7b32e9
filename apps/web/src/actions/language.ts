"use server";

import { revalidatePath } from "next/cache";
import { readLanguage, saveLanguage } from "../lib/language.ts";

/** Switches between Chinese and English. */
export async function switchLanguage(): Promise<void> {
  await saveLanguage((await readLanguage()) === "zh" ? "en" : "zh");
  revalidatePath("/", "layout");
}
