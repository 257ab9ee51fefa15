import { EventLog } from '../log/event-log.js';
import { GroupCommit } from '../log/group-commit.js';
import { StreamReader } from './stream-reader.js';
import { StreamWriter } from './stream-writer.js';

export interface EventStoreOptions {
  /** Path of the log's file; `:memory:` for tests. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Told of each commit: how many writes it held and how long it took. */
  readonly onCommitted?: (writes: number, seconds: number) => void;
}

/** One log with the rules of reading and writing it. */
export class EventStore {
  readonly log: EventLog;
  readonly commits: GroupCommit;
  readonly reader: StreamReader;
  readonly writer: StreamWriter;

  constructor({ file, clock = Date.now, onCommitted = () => undefined }: EventStoreOptions) {
    this.log = new EventLog(file);
    this.commits = new GroupCommit(this.log, onCommitted);
    this.reader = new StreamReader(this.log, clock);
    this.writer = new StreamWriter(this.log, this.reader, clock);
  }

  /** Commits what is waiting and lets go of the file. */
  close(): void {
    this.commits.flush();
    this.log.close();
  }
}
