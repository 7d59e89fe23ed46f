/**
 * Gives the memory of numbers that nobody reads any more back at once: pictures are made faster than a collector of
 * garbage takes them away. What is viewed on the same memory is empty afterwards. Node 20 cannot, and waits for the
 * collector.
 */
export function release({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && "transfer" in buffer) buffer.transfer(0);
}
