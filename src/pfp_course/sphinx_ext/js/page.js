export const root = document.documentElement;

/** @type {(selector: string) => HTMLElement | null} */
export const $ = (selector) => document.querySelector(selector);

/**
 * An element that the theme puts on each page.
 * @type {(selector: string) => HTMLElement}
 */
export const the = (selector) => /** @type {HTMLElement} */ ($(selector));

/** @type {(selector: string) => NodeListOf<HTMLElement>} */
export const $$ = (selector) => document.querySelectorAll(selector);
