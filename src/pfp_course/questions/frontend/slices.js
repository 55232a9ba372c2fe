// Long work in slices, so that the browser can answer the reader between two of them.

const SLICE = 10; // milliseconds without a break

// The reader is answered first, and only then the page laid out: so it is laid out once.
/** @returns {Promise<unknown>} */
const pause = () =>
  /** @type {any} */ (globalThis).scheduler?.postTask?.(() => {}, { priority: "user-blocking" }) ??
    new Promise((resolve) => setTimeout(resolve));

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => boolean | void} act called for each item, at once for the first; it returns false to stop
 */
export async function inSlices(items, act) {
  let end = performance.now() + SLICE;
  for (const item of items) {
    if (performance.now() > end) {
      await pause();
      end = performance.now() + SLICE;
    }
    if (act(item) === false) return;
  }
}
