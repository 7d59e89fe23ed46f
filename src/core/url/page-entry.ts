/** Longer addresses are cut: nothing listed is longer. */
const MAX_ENTRY = 2_048;

/**
 * How a single page is named in a list: host without `www.`, port where it is not the scheme's own, path without its
 * last slash, query. The scheme and the fragment do not count. Undefined for what is no web address.
 */
export function pageEntryOf(url: string): string | undefined {
  const parsed = URL.parse(url.slice(0, 2 * MAX_ENTRY));
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  const host = parsed.host.replace(/^www\./, "").replace(/\.(?=:|$)/, "");
  return `${host}${parsed.pathname.replace(/\/$/, "")}${parsed.search === "?" ? "" : parsed.search}`.slice(
    0,
    MAX_ENTRY,
  );
}

/** The entries that an address falls under: a listed page without a query stands for every query. */
export function pageEntriesOf(url: string): string[] {
  const whole = pageEntryOf(url);
  if (whole === undefined) return [];
  const query = whole.indexOf("?");
  return query < 0 ? [whole] : [whole, whole.slice(0, query).replace(/\/$/, "")];
}

/** Whether an entry names one page and not a whole host. */
export function isPageEntry(entry: string): boolean {
  return /[/?:]/.test(entry);
}
