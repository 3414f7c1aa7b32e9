import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { readLanguage } from "../lib/language.ts";
import { htmlLanguage, wordsOf } from "../lib/wording.ts";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const { title, tagline } = wordsOf(await readLanguage());
  return { title, description: tagline };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f4ef" },
    { media: "(prefers-color-scheme: dark)", color: "#161311" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang={htmlLanguage(await readLanguage())}>
      <body className="min-h-dvh bg-paper font-sans text-ink antialiased">{children}</body>
    </html>
  );
}
