import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { currentContext, type LogContext } from '../logging/log-context.js';

const REQUEST_ID = 'x-openstack-request-id';
const TRACEPARENT = 'traceparent';

/** Headers that carry the running work's request id and trace to whoever gets the message. */
export const contextHeaders = (): MsgHdrs => {
  const { requestId, traceparent } = currentContext();
  const carried = headers();
  if (requestId !== undefined) carried.set(REQUEST_ID, requestId);
  if (traceparent !== undefined) carried.set(TRACEPARENT, traceparent);
  return carried;
};

/** What such headers say. */
export const contextOf = (carried: MsgHdrs | undefined): LogContext => {
  const requestId = carried?.get(REQUEST_ID) ?? '';
  const traceparent = carried?.get(TRACEPARENT) ?? '';
  return {
    ...(requestId === '' ? {} : { requestId }),
    ...(traceparent === '' ? {} : { traceparent }),
  };
};
