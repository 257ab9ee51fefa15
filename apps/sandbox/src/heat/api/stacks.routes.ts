import type { FastifyInstance } from 'fastify';
import { queryOf } from '../../query.js';
import { badRequest, notFound } from '../heat-error.js';
import type { Json } from '../json.js';
import { toText } from '../json.js';
import { environmentDocument } from '../template/environment.js';
import { loadTemplate } from '../template/template.js';
import { stackByNameOrId, stackOf } from './find.js';
import { listStacks } from './list.js';
import type { Orchestration } from './orchestration.js';
import { bodyOf, readStackRequest } from './requests.js';
import { Shown } from './shown.js';

const ACCEPTED = '202 Accepted\n\nThe request is accepted for processing.\n\n   ';

/** Stacks and their actions, at `/v1/<project>/stacks`. */
export const stackRoutes = (app: FastifyInstance, orchestration: Orchestration): void => {
  const { engine } = orchestration;
  const { records, world } = engine;
  const shown = new Shown(world);

  app.get('/stacks', (request) => listStacks(request, records, shown));
  app.get('/stacks/detail', (request) => listStacks(request, records, shown));
  app.post('/stacks', (request, reply) => {
    const body = bodyOf(request.body);
    const name = toText(body.stack_name);
    if (name === '') throw badRequest('No stack name specified');
    if (body.template === undefined) throw badRequest('No template specified');
    const stack = orchestration.create(request.caller, name, readStackRequest(body));
    return reply
      .code(201)
      .header('location', shown.url(stack))
      .send({ stack: { id: stack.id, links: shown.links(stack) } });
  });
  app.get('/stacks/:name/:id', (request) => {
    const stack = stackOf(request, records);
    const live = stack.deletedAt === null && queryOf(request).resolve_outputs !== 'False';
    return { stack: shown.stack(stack, live) };
  });
  for (const [method, existing] of [
    ['PUT', false],
    ['PATCH', true],
  ] as const) {
    app.route({
      method,
      url: '/stacks/:name/:id',
      handler: (request, reply) => {
        const stack = stackOf(request, records);
        const body = bodyOf(request.body);
        if (!existing && body.template === undefined) throw badRequest('No template specified');
        orchestration.update(stack, readStackRequest(body), { caller: request.caller, existing });
        return reply.code(202).type('text/plain; charset=UTF-8').send(ACCEPTED);
      },
    });
  }
  app.delete('/stacks/:name/:id', (request, reply) => {
    const stack = stackOf(request, records);
    if (stack.deletedAt !== null) throw notFound('Stack', stack.name);
    orchestration.delete(stack);
    return reply.code(204).send();
  });
  app.post('/stacks/:name/:id/actions', (request) => {
    orchestration.act(stackOf(request, records), bodyOf(request.body));
    return null;
  });
  detailRoutes(app, orchestration, shown);
  redirectRoutes(app, orchestration, shown);
};

const detailRoutes = (app: FastifyInstance, { engine }: Orchestration, shown: Shown): void => {
  const { records, world } = engine;
  app.get('/stacks/:name/:id/outputs', (request) => ({
    outputs: world
      .outputs(stackOf(request, records))
      .map(({ key, description }) => ({ output_key: key, description })),
  }));
  app.get<{ Params: { key: string } }>('/stacks/:name/:id/outputs/:key', (request) => ({
    output: shown.output(world.output(stackOf(request, records), request.params.key)),
  }));
  app.get('/stacks/:name/:id/template', (request): Json => {
    const { template } = records.source(stackOf(request, records).sourceId);
    return loadTemplate(template);
  });
  app.get('/stacks/:name/:id/files', (request) => ({
    ...records.source(stackOf(request, records).sourceId).files,
  }));
  app.get('/stacks/:name/:id/environment', (request) =>
    environmentDocument(records.source(stackOf(request, records).sourceId).environment),
  );
};

const redirectRoutes = (app: FastifyInstance, { engine }: Orchestration, shown: Shown): void => {
  const { records } = engine;
  const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST'] as const;
  const redirect = (rest: string): Parameters<FastifyInstance['route']>[0] => ({
    method: rest === '' ? ['GET', 'PUT', 'PATCH', 'DELETE'] : [...METHODS],
    url: `/stacks/:name${rest}`,
    handler: (request, reply) => {
      const stack = stackByNameOrId(request, records);
      const query = request.url.split('?')[1];
      const to = `${shown.url(stack)}${rest}${query === undefined ? '' : `?${query}`}`;
      return reply
        .code(302)
        .header('location', to)
        .type('text/plain; charset=UTF-8')
        .send(
          `302 Found\n\nThe resource was found at ${to}; you should be redirected automatically.  `,
        );
    },
  });
  for (const rest of ['', '/resources', '/events', '/template', '/outputs', '/actions']) {
    app.route(redirect(rest));
  }
};
