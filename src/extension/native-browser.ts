/**
 * What the build puts in the place of `webextension-polyfill`, which is here for its types: both browsers have the API
 * under this name, Chrome since 148, the least version that the manifest takes. The polyfill would only find that out,
 * at the price of 10 kB in every frame of every page.
 */
export default (globalThis as { browser?: unknown }).browser;
