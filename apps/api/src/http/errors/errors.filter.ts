import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Log } from '@jeroboam/platform/logging/log';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addHeaders } from '../edge/add-headers.js';
import { isBug, toAnswer } from './answer.js';

const versionHeaders = [
  'OpenStack-API-Minimum-Version',
  'OpenStack-API-Maximum-Version',
  'OpenStack-API-Version',
];

/** Everything thrown while a request is handled becomes an answer here, and nowhere else. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    this.tell(error);
    // An answer that has begun (a stream) cannot become another one.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const { status, body, headers, versioned } = toAnswer(error, request.edge.facts.requestId);
    if (!versioned) for (const name of versionHeaders) reply.removeHeader(name);
    const type = typeof body === 'string' ? 'text/plain; charset=UTF-8' : 'application/json';
    addHeaders(reply, headers);
    void reply
      .status(status)
      .type(type)
      .send(request.method === 'HEAD' ? '' : body);
  }

  private tell(error: unknown): void {
    if (isBug(error)) this.log.error('A request failed unexpectedly', { err: error });
    else if (error instanceof Error && error.cause !== undefined)
      this.log.warn('A request was refused for a failure behind it', { err: error.cause });
  }
}
