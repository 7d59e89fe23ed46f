/** What is met here of the schema (onnx.proto3): numbers of fields, and the one value of `DataLocation`. */
const MODEL = { graph: 7 } as const;
const GRAPH = { initializer: 5 } as const;
const TENSOR = { rawData: 9, externalData: 13, dataLocation: 14 } as const;
const ENTRY = { key: 1, value: 2 } as const;
const EXTERNAL = 1;
/** How protocol buffers write a field. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Weights of fewer bytes stay where they are. */
const MIN_BYTES = 1_024;

/** A field of a message: its tag begins at `at`, its value lies from `from` to `to` of the file. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

type Parts = readonly Uint8Array[];

/**
 * An ONNX model without its large weights, each of which says where in the file it lies. With this and the file as external
 * data, a runtime copies each weight once, to where it is used. Given the file alone, it keeps the file and all that it
 * parsed of it beside that, in a memory that never becomes smaller again.
 * @param location what the runtime will know the file by.
 * @throws RangeError for what is cut off or no message of protocol buffers.
 */
export function withoutWeights(file: Uint8Array, location: string): Uint8Array<ArrayBuffer> {
  const whole = { from: 0, to: file.length };
  const tensor = (field: Field) => tensorOutside(file, field, location);
  const graph = (field: Field) => exchanged(file, field, GRAPH.initializer, tensor);
  return joined(exchanged(file, whole, MODEL.graph, graph));
}

/** The fields of a message, with the messages in one of them written anew. */
function exchanged(
  file: Uint8Array,
  message: Pick<Field, "from" | "to">,
  number: number,
  written: (field: Field) => Parts,
): Parts {
  return fieldsOf(file, message).flatMap((field) =>
    field.number === number && field.wire === WIRE.bytes
      ? bytesField(number, written(field))
      : file.subarray(field.at, field.to),
  );
}

function tensorOutside(file: Uint8Array, tensor: Field, location: string): Parts {
  const fields = fieldsOf(file, tensor);
  const weights = fields.find(({ number, from, to }) => number === TENSOR.rawData && to - from >= MIN_BYTES);
  if (!weights) return [file.subarray(tensor.from, tensor.to)];
  const entries = { location, offset: `${weights.from}`, length: `${weights.to - weights.from}` };
  return [
    ...fields.flatMap((field) =>
      field === weights || field.number === TENSOR.dataLocation ? [] : file.subarray(field.at, field.to),
    ),
    ...Object.entries(entries).flatMap(([key, value]) =>
      bytesField(TENSOR.externalData, [...textField(ENTRY.key, key), ...textField(ENTRY.value, value)]),
    ),
    varint(8 * TENSOR.dataLocation + WIRE.varint),
    varint(EXTERNAL),
  ];
}

function fieldsOf(file: Uint8Array, { from: start, to: end }: Pick<Field, "from" | "to">): Field[] {
  const fields: Field[] = [];
  for (let at = start; at < end; ) {
    const tag = varintAt(file, at, end);
    const wire = tag.value % 8;
    const { from, to } = valueAt(file, wire, tag.to, end);
    fields.push({ number: Math.floor(tag.value / 8), wire, at, from, to });
    at = to;
  }
  return fields;
}

function valueAt(file: Uint8Array, wire: number, at: number, end: number): Pick<Field, "from" | "to"> {
  const size = { [WIRE.fixed64]: 8, [WIRE.fixed32]: 4 }[wire];
  const read = size === undefined ? varintAt(file, at, end) : { value: size, to: at };
  if (size === undefined && wire !== WIRE.bytes && wire !== WIRE.varint) throw broken();
  if (wire === WIRE.varint) return { from: at, to: read.to };
  if (read.to + read.value > end) throw broken();
  return { from: read.to, to: read.to + read.value };
}

function varintAt(file: Uint8Array, start: number, end: number): { value: number; to: number } {
  let value = 0;
  for (let at = start, unit = 1; at < end; at++, unit *= 128) {
    const byte = file[at] as number;
    value += (byte & 127) * unit;
    if (byte < 128) return { value, to: at + 1 };
  }
  throw broken();
}

function broken(): RangeError {
  return new RangeError("The file is cut off, or no message of protocol buffers.");
}

function textField(number: number, text: string): Parts {
  return bytesField(number, [new TextEncoder().encode(text)]);
}

function bytesField(number: number, parts: Parts): Parts {
  return [varint(8 * number + WIRE.bytes), varint(lengthOf(parts)), ...parts];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}

function lengthOf(parts: Parts): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: Parts): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
