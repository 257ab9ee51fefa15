import { existsSync } from 'node:fs';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { Health } from '@jeroboam/platform/health/health';
import {
  healthResponse,
  metricsResponse,
  type PlainResponse,
} from '@jeroboam/platform/health/health-response';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Arguments, Produces, Public } from '../http/decorators.js';
import { Text } from '../http/body/fields.js';

/** Names the file that takes this replica out of service while it exists. */
export const disablingFile = Symbol('disabling file');

const disabled: PlainResponse = {
  status: 503,
  contentType: 'text/plain; charset=UTF-8',
  body: 'DISABLED BY FILE',
};

class HealthQuery {
  @Text({ description: 'Any value: the checks one by one.' })
  detail?: string;
}

/** For load balancers and for Prometheus. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    @Inject(disablingFile) private readonly file: string,
  ) {}

  @Get('healthcheck')
  @Public()
  @Produces('text/plain', 'application/json')
  async healthcheck(
    @Arguments() _query: HealthQuery,
    @Req() { url, headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const accept = headers.accept ?? '';
    send(
      reply,
      existsSync(this.file) ? disabled : await healthResponse(this.health, { url, accept }),
    );
  }

  @Get('metrics')
  @Public()
  @Produces('text/plain', 'application/openmetrics-text')
  async read(@Res() reply: FastifyReply): Promise<void> {
    send(reply, await metricsResponse(this.metrics.registry));
  }
}

const send = (reply: FastifyReply, { status, contentType, body }: PlainResponse): void => {
  void reply.status(status).type(contentType).send(body);
};
