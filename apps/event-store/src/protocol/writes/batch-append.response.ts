import {
  AppendTooLarge,
  DeadlinePassed,
  StreamDeleted,
  WrongExpectedRevision,
} from '../../streams/refusals.js';
import type { Appended } from '../../streams/stream-writer.js';
import { any, code, empty, shared, status, streams } from '../generated.js';

type BatchAppendResp = InstanceType<typeof streams.BatchAppendResp>;

export const batchSuccess = ({ revision, position }: Appended): BatchAppendResp => {
  const result = new streams.BatchAppendResp.Success();
  if (revision < 0) result.setNoStream(new empty.Empty());
  else result.setCurrentRevision(String(revision));
  if (position === undefined) result.setNoPosition(new empty.Empty());
  else {
    const place = new shared.AllStreamPosition();
    place.setCommitPosition(String(position));
    place.setPreparePosition(String(position));
    result.setPosition(place);
  }
  const response = new streams.BatchAppendResp();
  response.setSuccess(result);
  return response;
};

/** The stock client throws out of its data handler when `details` is absent: it never is. */
export const batchFailure = (error: unknown): BatchAppendResp => {
  const { status: statusCode, name, value } = describe(error);
  const details = new any.Any();
  details.pack(value, `event_store.client.${name}`);
  const failure = new status.Status();
  failure.setCode(statusCode);
  failure.setMessage(error instanceof Error ? error.message : String(error));
  failure.setDetails(details);
  const response = new streams.BatchAppendResp();
  response.setError(failure);
  return response;
};

const describe = (error: unknown) => {
  const { ALREADY_EXISTS, NOT_FOUND, DEADLINE_EXCEEDED, INVALID_ARGUMENT, UNKNOWN } = code.Code;
  if (error instanceof WrongExpectedRevision) {
    const value = wrongExpectedVersion(error).serializeBinary();
    return { status: ALREADY_EXISTS, name: 'WrongExpectedVersion', value };
  }
  if (error instanceof StreamDeleted) {
    const deleted = new shared.StreamDeleted();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(error.stream));
    deleted.setStreamIdentifier(identifier);
    return { status: NOT_FOUND, name: 'StreamDeleted', value: deleted.serializeBinary() };
  }
  if (error instanceof DeadlinePassed) {
    const value = new shared.Timeout().serializeBinary();
    return { status: DEADLINE_EXCEEDED, name: 'Timeout', value };
  }
  if (error instanceof AppendTooLarge) {
    const large = new shared.MaximumAppendSizeExceeded();
    large.setMaxappendsize(error.limit);
    const value = large.serializeBinary();
    return { status: INVALID_ARGUMENT, name: 'MaximumAppendSizeExceeded', value };
  }
  return { status: UNKNOWN, name: 'Unknown', value: new shared.Unknown().serializeBinary() };
};

const wrongExpectedVersion = ({ actual, expected }: WrongExpectedRevision) => {
  const wrong = new shared.WrongExpectedVersion();
  if (actual < 0) wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (expected === 'any') wrong.setExpectedAny(new empty.Empty());
  else if (expected === 'exists') wrong.setExpectedStreamExists(new empty.Empty());
  else if (expected === 'no-stream') wrong.setExpectedNoStream(new empty.Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return wrong;
};
