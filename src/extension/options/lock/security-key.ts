import { fromHex, toHex } from "../../../core/bytes.ts";

/** What the key derives its answer from (WebAuthn's extension `prf`); each credential answers with another one. */
const INPUT = new TextEncoder().encode("wardlight lock");
const TIMEOUT_MS = 60_000;

/** Whether this browser says that it can have a security key derive a secret for an extension's page. */
export async function canUseSecurityKey(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined" || !PublicKeyCredential.getClientCapabilities) return false;
  const capabilities = await PublicKeyCredential.getClientCapabilities();
  return capabilities["extension:prf"] === true;
}

/** A new credential on the user's key, and the secret that it answers with, both in hexadecimal. @throws DOMException */
export async function registerSecurityKey(): Promise<{ credential: string; secret: string }> {
  const created = await navigator.credentials.create({
    publicKey: {
      rp: { name: "Wardlight" },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: "Wardlight", displayName: "Wardlight" },
      // Nobody verifies its signatures: what counts is the secret.
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -257 },
      ],
      authenticatorSelection: { userVerification: "preferred", residentKey: "discouraged" },
      extensions: { prf: {} },
      timeout: TIMEOUT_MS,
    },
  });
  const credential = toHex((created as PublicKeyCredential).rawId);
  return { credential, secret: await askSecurityKey(credential) };
}

/** What the user's key answers. @throws DOMException where it is another one, or the user thinks better of it */
export async function askSecurityKey(credential: string): Promise<string> {
  const asserted = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      allowCredentials: [{ type: "public-key", id: fromHex(credential) ?? new Uint8Array() }],
      userVerification: "preferred",
      extensions: { prf: { eval: { first: INPUT } } },
      timeout: TIMEOUT_MS,
    },
  });
  const first = (asserted as PublicKeyCredential).getClientExtensionResults().prf?.results?.first;
  if (!first) throw new DOMException("The key derives no secret (it lacks hmac-secret).", "NotSupportedError");
  return toHex(ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : first);
}
