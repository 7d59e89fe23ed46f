/**
 * `a.b.example` → `a.b.example`, `b.example`, `example`: a listed host covers its subdomains. A trailing dot names the
 * same host and is dropped.
 */
export function suffixesOf(host: string): string[] {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  return labels.map((_, i) => labels.slice(i).join("."));
}

/** Host of a web address without port, or undefined when it is not http(s) or does not parse. */
export function hostOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.hostname : undefined;
}
