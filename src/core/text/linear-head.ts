import { modelName, type TextModelRow } from "../catalog.ts";
import { WardlightError } from "../errors.ts";

/** A logistic regression over hashed n-grams, one weight for each place and output. */
export interface LinearHead {
  readonly row: TextModelRow;
  /** By output. */
  readonly scale: Float32Array;
  readonly intercept: Float32Array;
  /** Place by place, within it output by output. */
  readonly weights: Int8Array;
}

/**
 * Reads a head's file: float32 scales and intercepts, a bit for each place that has weights, then the int8 weights of
 * these (`workshop/linear_model.py`).
 * @throws {WardlightError} `validation` where its length is not what the catalogue's row and its own bits ask for.
 */
export function readHead(row: TextModelRow, bytes: Uint8Array<ArrayBuffer>): LinearHead {
  const outputs = Math.max(1, row.classes.length);
  const places = 1 << row.reading.bits;
  const [atBits, atWeights] = [8 * outputs, 8 * outputs + places / 8];
  const isUsed = (place: number) => (((bytes[atBits + (place >> 3)] ?? 0) >> (place & 7)) & 1) === 1;
  let used = 0;
  for (let place = 0; place < places; place++) if (isUsed(place)) used++;
  if (bytes.length !== atWeights + used * outputs) throw unusable(row, `it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Float32Array.from({ length: 2 * outputs }, (_, i) => view.getFloat32(4 * i, true));
  if (!numbers.every(Number.isFinite)) throw unusable(row, "a number in it is not finite");
  const weights = new Int8Array(places * outputs);
  for (let place = 0, at = atWeights; place < places; place++) {
    if (!isUsed(place)) continue;
    for (let output = 0; output < outputs; output++) weights[place * outputs + output] = view.getInt8(at++);
  }
  return { row, scale: numbers.subarray(0, outputs), intercept: numbers.subarray(outputs), weights };
}

function unusable(row: TextModelRow, problem: string): WardlightError {
  return new WardlightError("validation", `The file of the model ${modelName(row)} cannot be used: ${problem}.`);
}
