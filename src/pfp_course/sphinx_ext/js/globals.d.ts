/** What the build writes before the book's script: by chapter the questions, each with its name,
 * its points and the beginnings of its fingerprints. */
declare const outline: Record<string, [string, number, ...string[]][]>;

/** A place that the search can find; the build writes them into a script of their own. */
interface SearchEntry {
  url: string;
  anchor: string;
  title: string;
  page: string;
  text: string;
}
// deno-lint-ignore no-var
declare var pfpSearchIndex: SearchEntry[] | undefined;
/** Of each state its names in several languages; the first is the one that the course uses. */
// deno-lint-ignore no-var
declare var pfpSearchNames: string[][] | undefined;

/** What the build writes before the service worker: the name of this version's pages. */
declare const CACHE: string;
