import type { Server } from '@grpc/grpc-js';
import type { EventStore } from '../streams/event-store.js';
import { appendCall } from './writes/append.call.js';
import { batchAppendCall } from './writes/batch-append.call.js';
import { deleteCall, tombstoneCall } from './writes/delete.call.js';
import { featuresService, gossipService, streamsService } from './generated.js';
import { gossipCall, type Endpoint } from './gossip.call.js';
import type { OpenCalls } from './open-calls.js';
import { readCall } from './reads/read.call.js';
import { supportedMethodsCall } from './server-features.call.js';

/** Reads are encoded where they are made. */
const readyEncoded = {
  ...streamsService.StreamsService.read,
  responseSerialize: (message: Buffer) => message,
};

export interface Services {
  readonly store: EventStore;
  readonly calls: OpenCalls;
  /** Where clients that discover find the server. */
  readonly advertised: () => Endpoint;
}

/** Whatever is not added here is answered UNIMPLEMENTED. */
export const addServices = (server: Server, { store, calls, advertised }: Services): void => {
  server.addService(
    { ...streamsService.StreamsService, read: readyEncoded },
    {
      append: appendCall(store),
      batchAppend: batchAppendCall(store, calls),
      delete: deleteCall(store),
      tombstone: tombstoneCall(store),
      read: readCall(store, calls),
    },
  );
  server.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: supportedMethodsCall,
  });
  server.addService(gossipService.GossipService, { read: gossipCall(advertised) });
};
