declare module "punycode/punycode.es6.js" {
  /** One label without its `xn--`. Throws RangeError where it is no punycode. */
  export function decode(input: string): string;
}
