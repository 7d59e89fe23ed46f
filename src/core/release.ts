const { port1: nowhere, port2 } = new MessageChannel();
port2.close();

/**
 * Gives the memory of numbers that nobody reads any more back at once: pictures are made faster than a collector of
 * garbage takes them away. What is viewed on the same memory is empty afterwards.
 *
 * They are sent to nobody. `transfer(0)` would empty the view too, but Chromium keeps the memory of what its own interfaces
 * made (`getImageData`, a file that was read) until the collector has been, which sees less of a hurry then.
 */
export function release({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) nowhere.postMessage(undefined, [buffer]);
}
