/** Reads a file under `models/` of the package that this Worker belongs to; Workers have no extension API to ask. */
export async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/models/${path}`, self.location.origin));
  return new Uint8Array(await response.arrayBuffer());
}
