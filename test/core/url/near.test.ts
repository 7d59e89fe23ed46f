import { describe, expect, test } from "vitest";
import { readAddress } from "../../../src/core/url/address.ts";
import { urlDetectors } from "../../../src/core/url/detectors.ts";
import { isNear } from "../../../src/core/url/near.ts";

const near = (url: string) => {
  const address = readAddress(url);
  return address !== undefined && isNear(address);
};

describe("this machine and its network", () => {
  test.each([
    "http://127.0.0.1:8080/login",
    "http://0x7f.1/",
    "http://10.1.2.3/",
    "http://172.31.0.9/",
    "http://192.168.178.1/",
    "http://169.254.7.7/",
    "http://100.64.0.1/",
    "http://[::1]:3000/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[::ffff:192.168.0.1]/",
    "http://localhost:5173/",
    "http://app.localhost/",
    "http://printer.local/",
    "http://wiki.internal/",
    "http://nas.home.arpa/",
    "http://intranet/",
  ])("%s is near", (url) => expect(near(url)).toBe(true));

  test.each([
    "http://8.8.8.8/",
    "http://172.32.0.1/",
    "http://100.128.0.1/",
    "http://192.169.0.1/",
    "http://[2001:db8::1]/",
    "http://[::ffff:8.8.8.8]/",
    "https://local.example/",
    "https://localhost.example/",
    "https://paypal.internal.example/",
  ])("%s is not", (url) => expect(near(url)).toBe(false));

  test("nothing is said of it, whatever it is called", async () => {
    const subject = { kind: "url", id: "1", context: "page", url: "http://127.0.0.1:8080/paypal/login.php" } as const;
    const { signal } = new AbortController();
    const found = await Promise.all(urlDetectors().map((detector) => detector.detect([subject], signal)));
    expect(found.flat(2)).toEqual([]);
  });
});
