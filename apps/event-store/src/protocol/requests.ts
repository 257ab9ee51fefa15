import type { ProposedEvent } from '../log/stored-event.js';
import { InvalidRequest, type ExpectedRevision } from '../streams/refusals.js';
import type { shared } from './generated.js';
import { uuidBytes } from './uuid.js';

/** What proposed events of both append calls have in common. */
interface ProposedMessage {
  getId(): InstanceType<typeof shared.UUID> | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata(): Uint8Array | string;
  getData(): Uint8Array | string;
}

/** An event lacks what the protocol wants of each. */
export class PropertyMissing extends InvalidRequest {
  readonly properties = ['type', 'content-type'];
}

const JSON_TYPE = 'application/json';

// The generated code gives text when a message was set in this process, bytes when it was received.
const received = (value: Uint8Array | string): Uint8Array =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : value;

export const toProposedEvent = (message: ProposedMessage): ProposedEvent => {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (!type || !contentType) throw new PropertyMissing('an event has a type and a content type');
  return {
    id: uuidBytes(message.getId()),
    type,
    json: contentType === JSON_TYPE,
    metadata: received(message.getCustomMetadata()),
    data: received(message.getData()),
  };
};

export const toStreamName = (
  identifier: InstanceType<typeof shared.StreamIdentifier> | undefined,
): string => {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();
  if (!name) throw new InvalidRequest('the stream has no name');
  return name;
};

/** A revision or position; `Infinity` for what is beyond all there can be. */
export const toNumber = (value: string): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Infinity;
};

interface ExpectationWords {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** `revision` is the number given, if one is. */
export const toExpectedRevision = (
  options: ExpectationWords,
  revision: string | undefined,
): ExpectedRevision => {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'exists';
  if (options.hasAny() || revision === undefined) return 'any';
  return toNumber(revision);
};
