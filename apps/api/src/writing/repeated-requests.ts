import type { EventStore } from '@jeroboam/eventing/event-store';
import { isRepeated } from '@jeroboam/eventing/repetition';
import { newId, uuidV5 } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../http/auth/request-context.js';
import { Fault } from '../http/errors/faults.js';
import { fingerprint } from './fingerprint.js';

/** Namespace of the uuids that come from `Idempotency-Key`. Never changes. */
const NAMESPACE = '6d3a2b8e-51cf-4f0e-9a9b-5c0f6b3b7d11';

/** What a request makes. With a key, the same request makes the same again. */
export interface Identity {
  readonly uuid: string;
  /** Id of the command: tells the same body from another under the same key. */
  readonly operationId: string;
}

const LONGEST_KEY = 255;

/** The `Idempotency-Key`, if there is one. 400 for one that is empty or too long. */
export const keyOf = ({ facts }: RequestContext): string | null => {
  const header = facts.conditions?.idempotencyKey;
  if (header === undefined) return null;
  if (header.length > 0 && header.length <= LONGEST_KEY) return header;
  throw new Fault(400, `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`);
};

/**
 * @param within what keys are told apart in: the project, or the parent of what is made
 * @param body as typed, so that defaults count as if they had been sent
 */
export const identityOf = (within: string, key: string | null, body: object): Identity => {
  if (key === null) return { uuid: newId(), operationId: newId() };
  const uuid = uuidV5(NAMESPACE, `${within}/${key}`);
  return { uuid, operationId: uuidV5(uuid, fingerprint(body)) };
};

/** What a request does to something that is there. With a key, the same request does it once. */
export interface Act {
  /** Id of the command. */
  readonly operationId: string;
  /** Tells the key from others; `null` when there is none. */
  readonly requestKey: string | null;
}

/** As {@link identityOf}, for a request that makes nothing. */
export const actOf = (within: string, key: string | null, body: object): Act => {
  const { uuid, operationId } = identityOf(within, key, body);
  return { operationId, requestKey: key === null ? null : uuid };
};

/** Of a request that takes no key. */
export const unkeyed = (): Act => ({ operationId: newId(), requestKey: null });

/**
 * Whether the stream tells that this very request has been here. 422 when another came with its key. A
 * request that changed nothing has left nothing, and changes nothing again.
 */
export const isDone = async (
  { store }: { readonly store: Pick<EventStore, 'read'> },
  stream: string,
  act: Act,
): Promise<boolean> => {
  if (act.requestKey === null) return false;
  const events = await store.read(stream);
  return isRepeated(
    act,
    events.find(({ metadata }) => metadata.requestKey === act.requestKey),
  );
};

/** What the key made has been deleted, and is not made again. */
export const keyOutlived = (what: string): Fault =>
  new Fault(409, `The ${what} made with this Idempotency-Key has been deleted.`);
