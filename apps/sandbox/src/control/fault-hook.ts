import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { serviceOf } from '../http/services.js';

/** Makes requests slow, fail or hang as the rules in force say, before anything else sees them. */
export const obeyFaults = (app: FastifyInstance, cloud: Cloud): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { service, path } = serviceOf(request.url);
    if (service === '') return;
    const rule = cloud.faults.take(service, request.method, path);
    if (!rule) return;
    switch (rule.action) {
      case 'slow':
        await delay(rule.delayMs);
        return;
      case 'hang':
        // No answer, ever; the socket stays open until the client or the server closes it.
        reply.hijack();
        return;
      case 'fail': {
        const message = `Sandbox fault ${rule.id}`;
        await reply
          .code(rule.status)
          .send({ error: { code: rule.status, title: 'Fault', message } });
      }
    }
  });
};
