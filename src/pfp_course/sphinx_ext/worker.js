// Keeps what was visited. While there is a connection, the network answers and its answer is
// kept; without one, what was kept answers. Nothing is fetched that nobody asked for.
const HOME = "index.html";

/** @typedef {Event & { waitUntil(done: Promise<unknown>): void }} LifeEvent */
/** @typedef {LifeEvent & { request: Request, respondWith(answer: Promise<Response>): void }} AskEvent */
/** @typedef {{ skipWaiting(): Promise<void>, clients: { claim(): Promise<void> },
 *   registration: { scope: string },
 *   addEventListener(name: "install" | "activate", act: (event: LifeEvent) => void): void,
 *   addEventListener(name: "fetch", act: (event: AskEvent) => void): void }} Worker */
const worker = /** @type {Worker} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.add(HOME)).then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  // Other versions of the course may stand beside this one and keep their own.
  event.waitUntil(worker.clients.claim());
});

function absent() {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Not kept yet</title>
<body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem">
<h1>This page is not kept yet</h1><p>There is no connection, and this page was not opened before on this device.
Pages that you have visited work without a connection.</p><p><a href="${new URL(
    HOME,
    worker.registration.scope,
  )}">To the start of the course</a></p>`;
  return new Response(text, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8" },
  });
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  // A stream of events has no end, and so cannot be kept.
  if (request.headers.get("Accept") === "text/event-stream") return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE);
      try {
        const answer = await fetch(request);
        if (answer.ok && answer.status === 200) event.waitUntil(cache.put(request, answer.clone()));
        return answer;
      } catch (error) {
        // A page asked for with ?seed=… is the same page.
        const kept = await cache.match(request, { ignoreSearch: true });
        if (kept) return kept;
        if (request.mode === "navigate") return absent();
        throw error;
      }
    })(),
  );
});
