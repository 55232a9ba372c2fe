// The run-time interface of a learning management system: found in the windows around this one,
// and called so that nothing it does can break the page.

/** @typedef {any} Api */
/** @typedef {ReturnType<typeof connection>} Connection */

const MODES = ["normal", "browse", "review"];
const HIGHEST = 50; // windows around a window
const NAMES_OF_API = { "1.2": "API", "2004": "API_1484_11" };
/** @type {Record<"1.2" | "2004", Record<string, string>>} */
const METHODS = {
  "1.2": {
    begin: "LMSInitialize",
    end: "LMSFinish",
    get: "LMSGetValue",
    set: "LMSSetValue",
    commit: "LMSCommit",
    code: "LMSGetLastError",
    words: "LMSGetErrorString",
  },
  "2004": {
    begin: "Initialize",
    end: "Terminate",
    get: "GetValue",
    set: "SetValue",
    commit: "Commit",
    code: "GetLastError",
    words: "GetErrorString",
  },
};

/**
 * What an action gives, or null where a window of another origin forbids it.
 * @template T
 * @param {() => T} action
 */
function allowed(action) {
  try {
    return action() ?? null;
  } catch {
    return null;
  }
}

/** @type {(from: Window | null, name: string) => Api | null} */
function climb(from, name) {
  for (let here = from, height = 0; here && height < HIGHEST; height += 1) {
    const window = here;
    const found = allowed(() => /** @type {any} */ (window)[name]);
    if (found) return found;
    const above = allowed(() => window.parent);
    if (above === window) return null;
    here = above;
  }
  return null;
}

/**
 * The interface of a version: in this window, in those around it, or in those that opened them.
 * @type {(version: "1.2" | "2004") => Api | null}
 */
export function findApi(version) {
  const name = NAMES_OF_API[version];
  const openers = [allowed(() => opener), allowed(() => top?.opener)];
  for (const from of [self, ...openers]) {
    const found = climb(from, name);
    if (found) return found;
  }
  return null;
}

/**
 * A session with the system: begun once, ended once.
 * @param {Api} api
 * @param {"1.2" | "2004"} version
 */
export function connection(api, version) {
  const methods = METHODS[version];
  /** @type {"new" | "open" | "ended"} */
  let state = "new";
  let why = "";

  /** @type {(method: string, ...given: string[]) => string} */
  function call(method, ...given) {
    try {
      return String(api[methods[method]](...given));
    } catch (error) {
      why = String(error);
      return "";
    }
  }
  /** @type {(method: string, ...given: string[]) => boolean} */
  function succeeds(method, ...given) {
    why = "";
    if (call(method, ...given) === "true") return true;
    const code = why ? "" : call("code");
    const words = code && code !== "0" ? call("words", code) : "";
    why ||= code && code !== "0" ? `error ${code}: ${words}` : "it gave no reason";
    return false;
  }
  return {
    version,
    begin() {
      if (state !== "new") return state === "open";
      // Some systems have begun the session themselves, and then answer to all else.
      const mode = version === "2004" ? "cmi.mode" : "cmi.core.lesson_mode";
      const isOpen = succeeds("begin", "") || MODES.includes(call("get", mode));
      if (isOpen) state = "open";
      return isOpen;
    },
    /** @param {string} element */
    get: (element) => (state === "open" ? call("get", element) : ""),
    /** @type {(element: string, value: string | number) => boolean} */
    set: (element, value) => state === "open" && succeeds("set", element, String(value)),
    commit: () => state === "open" && succeeds("commit", ""),
    end() {
      if (state !== "open") return false;
      const done = succeeds("end", "");
      state = "ended";
      return done;
    },
    isOpen: () => state === "open",
    /** Why the last call failed, in the system's own words. */
    why: () => why,
  };
}
