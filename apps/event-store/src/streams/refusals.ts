import { WriteRefused } from '../log/group-commit.js';

/** What a writer believes of a stream: its last revision, or one of the protocol's words. */
export type ExpectedRevision = number | 'any' | 'no-stream' | 'exists';

/** The stream is not as the writer believes. `actual` is its last revision, -1 for none. */
export class WrongExpectedRevision extends WriteRefused {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: number;

  constructor(stream: string, expected: ExpectedRevision, actual: number) {
    super(`${stream} is at revision ${actual}, not at ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The stream is tombstoned, or soft deleted and was asked to exist. */
export class StreamDeleted extends WriteRefused {
  readonly stream: string;

  constructor(stream: string) {
    super(`${stream} is deleted`);
    this.stream = stream;
  }
}

/** The write's own deadline passed while it waited. */
export class DeadlinePassed extends WriteRefused {}

/** The events of one append are larger than the server takes. */
export class AppendTooLarge extends WriteRefused {
  /** Bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super(`an append holds at most ${limit} bytes`);
    this.limit = limit;
  }
}

/** The request is not one. */
export class InvalidRequest extends WriteRefused {}
