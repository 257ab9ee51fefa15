import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import type { ResourceParts } from '../resource-parts.js';
import { Fault } from '../http/errors/faults.js';

const WORDS: Readonly<Record<string, string>> = {
  authority: 'certificate authority',
  stats: 'stats',
};

/** Asks another of our services over NATS. Refusals come through; 503 when nobody answers. */
export const ask = async <Reply>(
  { requester }: Pick<ResourceParts, 'requester'>,
  subject: string,
  payload: object,
): Promise<Reply> => {
  try {
    return await requester.request<Reply>(subject, payload);
  } catch (error) {
    if (!(error instanceof ServiceUnavailable)) throw error;
    const service = WORDS[error.service] ?? error.service;
    throw new Fault(503, `The ${service} service is temporarily unavailable.`, {
      'retry-after': '5',
    });
  }
};
