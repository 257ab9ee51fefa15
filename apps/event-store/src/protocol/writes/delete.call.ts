import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { EventStore } from '../../streams/event-store.js';
import { toStatus } from '../errors.js';
import { streams } from '../generated.js';
import { toExpectedRevision, toStreamName } from '../requests.js';

type DeleteReq = InstanceType<typeof streams.DeleteReq>;
type DeleteResp = InstanceType<typeof streams.DeleteResp>;
type TombstoneReq = InstanceType<typeof streams.TombstoneReq>;
type TombstoneResp = InstanceType<typeof streams.TombstoneResp>;

/** `Streams/Delete`: soft. */
export const deleteCall =
  (store: EventStore) =>
  (call: ServerUnaryCall<DeleteReq, DeleteResp>, answer: sendUnaryData<DeleteResp>): void => {
    remove(call.request, (stream, expected) =>
      store.commits.submit(() => store.writer.softDelete(stream, expected)),
    ).then(
      (position) => {
        const place = new streams.DeleteResp.Position();
        place.setCommitPosition(String(position));
        place.setPreparePosition(String(position));
        const response = new streams.DeleteResp();
        response.setPosition(place);
        answer(null, response);
      },
      (error: unknown) => {
        answer(toStatus(error));
      },
    );
  };

/** `Streams/Tombstone`: for ever. */
export const tombstoneCall =
  (store: EventStore) =>
  (
    call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
    answer: sendUnaryData<TombstoneResp>,
  ): void => {
    remove(call.request, (stream, expected) =>
      store.commits.submit(() => store.writer.tombstone(stream, expected)),
    ).then(
      (position) => {
        const place = new streams.TombstoneResp.Position();
        place.setCommitPosition(String(position));
        place.setPreparePosition(String(position));
        const response = new streams.TombstoneResp();
        response.setPosition(place);
        answer(null, response);
      },
      (error: unknown) => {
        answer(toStatus(error));
      },
    );
  };

type Removal = (stream: string, expected: ReturnType<typeof toExpectedRevision>) => Promise<number>;

const remove = async (request: DeleteReq | TombstoneReq, removal: Removal): Promise<number> => {
  const options = request.getOptions();
  const stream = toStreamName(options?.getStreamIdentifier());
  if (!options) return removal(stream, 'any');
  const revision = options.hasRevision() ? options.getRevision() : undefined;
  return removal(stream, toExpectedRevision(options, revision));
};
