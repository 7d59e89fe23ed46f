/** Chrome's 32 letters from a to p; Firefox's GUID, or a name that looks like a mail address. */
const ID = /^(?:[a-p]{32}|\{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}|(?=.{3,80}$)[\w.-]*@[\w.-]+)$/;

/** Whether this names an extension, as browsers do it. */
export function isExtensionId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}
