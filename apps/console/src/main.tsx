import "./styles.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { reloadOnceAfterUpgrade } from "./upgrade.ts";

reloadOnceAfterUpgrade();

const root = document.getElementById("root");

// The back button can bring back a page as it was before a log-out.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (root) root.hidden = true;
  location.reload();
});

if (root) createRoot(root).render(<App />);
