const HIGH_BIT = 0x80;
const LENGTH_DELIMITED = 2;

/**
 * Writes protocol buffers from the end to the start: a message's length is then known when its
 * header is written. Fields go in reverse order.
 */
export class BackwardWriter {
  readonly #buffer: Buffer;
  #start: number;

  /** `capacity` is an upper bound of the bytes to come. */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#start = capacity;
  }

  /** Where the next write ends: give it to {@link close} to make a message of what came since. */
  mark(): number {
    return this.#start;
  }

  result(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  /** Non-negative and safe. */
  uint(field: number, value: number): void {
    this.#varint(value);
    this.#varint(field * 8);
  }

  /** Any 64 bits. */
  uint64(field: number, value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | HIGH_BIT);
    bytes.push(Number(rest));
    this.#start -= bytes.length;
    this.#buffer.set(bytes, this.#start);
    this.#varint(field * 8);
  }

  bytes(field: number, value: Uint8Array): void {
    const end = this.#start;
    this.#start -= value.length;
    this.#buffer.set(value, this.#start);
    this.close(field, end);
  }

  string(field: number, value: string): void {
    const end = this.#start;
    this.#start -= Buffer.byteLength(value);
    this.#buffer.write(value, this.#start);
    this.close(field, end);
  }

  /** Puts the header of a length-delimited field before what was written since `end` was marked. */
  close(field: number, end: number): void {
    this.#varint(end - this.#start);
    this.#varint(field * 8 + LENGTH_DELIMITED);
  }

  #varint(value: number): void {
    let length = 1;
    for (let rest = value; rest >= HIGH_BIT; rest = Math.floor(rest / HIGH_BIT)) length++;
    this.#start -= length;
    let at = this.#start;
    let rest = value;
    for (; rest >= HIGH_BIT; rest = Math.floor(rest / HIGH_BIT)) {
      this.#buffer[at++] = (rest % HIGH_BIT) | HIGH_BIT;
    }
    this.#buffer[at] = rest;
  }
}
