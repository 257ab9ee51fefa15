import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { EventStore } from '../../streams/event-store.js';
import { InvalidRequest, WrongExpectedRevision } from '../../streams/refusals.js';
import type { Appended } from '../../streams/stream-writer.js';
import { AppendBuffer } from './append-buffer.js';
import { toStatus } from '../errors.js';
import { shared, streams } from '../generated.js';
import { toExpectedRevision, toProposedEvent, toStreamName } from '../requests.js';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;

/** `Streams/Append`: options, then events, then one answer. */
export const appendCall =
  (store: EventStore) =>
  (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void => {
    receive(call)
      .then((buffer) => {
        const request = buffer.request();
        return store.commits.submit(() => store.writer.append(request));
      })
      .then(success)
      .catch(toResponse)
      .then(
        (response) => {
          answer(null, response);
        },
        (error: unknown) => {
          answer(toStatus(error));
        },
      );
  };

const receive = async (messages: AsyncIterable<AppendReq>): Promise<AppendBuffer> => {
  let buffer: AppendBuffer | undefined;
  for await (const message of messages) {
    const options = message.getOptions();
    const proposed = message.getProposedMessage();
    if (options) {
      const revision = options.hasRevision() ? options.getRevision() : undefined;
      const stream = toStreamName(options.getStreamIdentifier());
      buffer = new AppendBuffer(stream, toExpectedRevision(options, revision));
    }
    if (proposed) buffer?.add(toProposedEvent(proposed));
  }
  if (!buffer) throw new InvalidRequest('an append begins with its options');
  return buffer;
};

const success = ({ revision, position }: Appended): AppendResp => {
  const result = new streams.AppendResp.Success();
  if (revision < 0) result.setNoStream(new shared.Empty());
  else result.setCurrentRevision(String(revision));
  if (position === undefined) result.setNoPosition(new shared.Empty());
  else {
    const place = new streams.AppendResp.Position();
    place.setCommitPosition(String(position));
    place.setPreparePosition(String(position));
    result.setPosition(place);
  }
  const response = new streams.AppendResp();
  response.setSuccess(result);
  return response;
};

/** This one refusal is an answer, not a failed call. */
const toResponse = (error: unknown): AppendResp => {
  if (!(error instanceof WrongExpectedRevision)) throw error;
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (error.actual < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(error.actual));
  if (error.expected === 'any') wrong.setExpectedAny(new shared.Empty());
  else if (error.expected === 'exists') wrong.setExpectedStreamExists(new shared.Empty());
  else if (error.expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty());
  else wrong.setExpectedRevision(String(error.expected));
  const response = new streams.AppendResp();
  response.setWrongExpectedVersion(wrong);
  return response;
};
