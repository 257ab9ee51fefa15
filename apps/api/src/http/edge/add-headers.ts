import type { FastifyReply } from 'fastify';

/** Sets headers of the answer; what it varies by comes on top of what it varies by already. */
export const addHeaders = (
  reply: FastifyReply,
  { vary, ...headers }: Readonly<Record<string, string>>,
): void => {
  void reply.headers(headers);
  if (vary === undefined) return;
  const known = reply.getHeader('vary');
  void reply.header('vary', known === undefined ? vary : `${String(known)}, ${vary}`);
};
