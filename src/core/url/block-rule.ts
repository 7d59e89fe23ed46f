/** Every kind of request that both browsers know: a rule without them would leave out the page itself. */
export const RESOURCE_TYPES = [
  "main_frame",
  "sub_frame",
  "stylesheet",
  "script",
  "image",
  "font",
  "object",
  "xmlhttprequest",
  "ping",
  "media",
  "websocket",
  "other",
] as const;

/** A rule of declarativeNetRequest that blocks hosts, each with its subdomains. */
export function blockRule(id: number, hosts: readonly string[]) {
  return {
    id,
    priority: 1,
    action: { type: "block" as const },
    condition: { requestDomains: [...hosts], resourceTypes: [...RESOURCE_TYPES] },
  };
}
