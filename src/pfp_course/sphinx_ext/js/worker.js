import { root } from "./page.js";

// Visited pages are kept for the time without a connection, where the browser can.
export function setUpWorker() {
  if (!("serviceWorker" in navigator) || !location.protocol.startsWith("http")) return;
  const top = new URL(root.dataset.content_root ?? "./", location.href);
  addEventListener("load", () => {
    navigator.serviceWorker.register(new URL("worker.js", top)).catch(() => {
      // A browser may forbid it, as in a private window; the book works without.
    });
  });
}
