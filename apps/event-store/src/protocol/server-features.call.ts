import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { features, type shared } from './generated.js';

type Empty = InstanceType<typeof shared.Empty>;
type SupportedMethods = InstanceType<typeof features.SupportedMethods>;

/** The version of the protocol this server speaks. */
const PROTOCOL_VERSION = '23.10.0';

const STREAMS = 'event_store.client.streams.streams';
const METHODS = [
  { service: STREAMS, method: 'read', features: ['position', 'events'] },
  { service: STREAMS, method: 'append', features: [] },
  { service: STREAMS, method: 'batchappend', features: [] },
  { service: STREAMS, method: 'delete', features: [] },
  { service: STREAMS, method: 'tombstone', features: [] },
  { service: 'event_store.client.gossip.gossip', method: 'read', features: [] },
];

/** `ServerFeatures/GetSupportedMethods`. */
export const supportedMethodsCall = (
  _: ServerUnaryCall<Empty, SupportedMethods>,
  answer: sendUnaryData<SupportedMethods>,
): void => {
  const response = new features.SupportedMethods();
  response.setEventStoreServerVersion(PROTOCOL_VERSION);
  response.setMethodsList(
    METHODS.map((method) => {
      const supported = new features.SupportedMethod();
      supported.setServiceName(method.service);
      supported.setMethodName(method.method);
      supported.setFeaturesList(method.features);
      return supported;
    }),
  );
  answer(null, response);
};
