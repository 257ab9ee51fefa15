import type { Server, ServerFilter } from './port.js';

/** The servers that a filter lets through. */
export const matching = (
  servers: readonly Server[],
  { ids, metadata = {} }: ServerFilter,
): readonly Server[] =>
  servers.filter(
    (server) =>
      (ids?.includes(server.id) ?? true) &&
      Object.entries(metadata).every(([key, value]) => server.metadata[key] === value),
  );
