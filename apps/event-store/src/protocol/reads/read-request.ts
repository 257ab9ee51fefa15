import { compileFilter, type EventFilter } from '../../streams/event-filter.js';
import { InvalidRequest } from '../../streams/refusals.js';
import { streams } from '../generated.js';
import { toNumber, toStreamName } from '../requests.js';

type Options = InstanceType<typeof streams.ReadReq.Options>;
type FilterOptions = InstanceType<typeof streams.ReadReq.Options.FilterOptions>;

/** Where a reader wants to begin: at the start, at the end, or at a number. */
export type Start = 'start' | 'end' | number;

export interface ReadRequest {
  /** `undefined` is the log. */
  readonly stream: string | undefined;
  /** Revision in the stream, or position in the log. */
  readonly start: Start;
  readonly backwards: boolean;
  readonly resolveLinks: boolean;
  readonly structuredIds: boolean;
  /** Most events wanted; `undefined` is a subscription. */
  readonly count: number | undefined;
  readonly filter: EventFilter | undefined;
  /** After so many events looked at a subscription wants a checkpoint. */
  readonly checkpointInterval: number;
}

/** Window the protocol assumes when the client gives none, events. */
const DEFAULT_WINDOW = 32;

export const toReadRequest = (options: Options | undefined): ReadRequest => {
  if (!options) throw new InvalidRequest('a read has options');
  const filter = options.getFilter();
  return {
    ...toPlace(options),
    backwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    resolveLinks: options.getResolveLinks(),
    structuredIds: options.getUuidOption()?.hasStructured() ?? false,
    count: options.hasSubscription() ? undefined : toNumber(options.getCount()),
    filter: filter && toFilter(filter),
    checkpointInterval: filter ? toCheckpointInterval(filter) : Infinity,
  };
};

const toPlace = (options: Options): Pick<ReadRequest, 'stream' | 'start'> => {
  const stream = options.getStream();
  if (stream) {
    const start = edge(stream) ?? toNumber(stream.getRevision());
    return { stream: toStreamName(stream.getStreamIdentifier()), start };
  }
  const all = options.getAll();
  if (!all) throw new InvalidRequest('a read names a stream or the log');
  const position = all.getPosition()?.getCommitPosition() ?? '0';
  return { stream: undefined, start: edge(all) ?? toNumber(position) };
};

const edge = (place: { hasStart(): boolean; hasEnd(): boolean }): Start | undefined => {
  if (place.hasStart()) return 'start';
  return place.hasEnd() ? 'end' : undefined;
};

const toFilter = (options: FilterOptions): EventFilter => {
  const byStream = options.getStreamIdentifier();
  const expression = byStream ?? options.getEventType();
  return compileFilter({
    on: byStream ? 'stream' : 'type',
    regex: expression?.getRegex() ?? '',
    prefixes: expression?.getPrefixList() ?? [],
  });
};

const toCheckpointInterval = (options: FilterOptions): number => {
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return Math.max(1, options.getCheckpointintervalmultiplier()) * Math.max(1, window);
};
