import type { Address } from "./address.ts";

/** Names that no registry gives away: RFC 6761, 6762 and 8375, and `.internal` as ICANN reserved it in 2024. */
const NEAR_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/** RFC 1122 and 1918, 3927 (link-local) and 6598 (shared by a carrier's customers). */
const NEAR_IPV4 = /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Loopback, unique local (RFC 4193), link-local, and any of the above written as IPv6. */
const NEAR_IPV6 = /^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/;

/**
 * Whether an address leads to this machine or into its own network: a router, a printer, somebody's own program. Nobody
 * fishes there by a name, and what looks odd in public, such as a bare number and a port, is ordinary.
 */
export function isNear({ kind, host }: Address): boolean {
  if (kind === "ipv4") return NEAR_IPV4.test(host);
  if (kind === "ipv6") return NEAR_IPV6.test(host) || isNearMapped(host);
  return kind === "name" && (NEAR_NAME.test(host) || !host.includes("."));
}

/** `[::ffff:c0a8:1]` is 192.168.0.1. */
function isNearMapped(host: string): boolean {
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return false;
  const bytes = [high, low].flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]);
  return NEAR_IPV4.test(bytes.join("."));
}
