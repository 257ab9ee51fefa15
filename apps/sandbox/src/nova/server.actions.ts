import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { isObject, object, text } from '../http/fields.js';
import { param } from '../query.js';
import { badRequest, conflict, notFound } from './errors.js';
import { ownServer } from './server.routes.js';
import type { Server } from './types.js';

type Action = (server: Server, wish: unknown) => unknown;

/** What can be done to a server, and its ports and volumes. */
export const serverActions = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  const actions: Readonly<Record<string, Action>> = {
    resize: (server, wish) => nova.resizeServer(server.id, text(wish, 'flavorRef') ?? ''),
    confirmResize: () => undefined,
    reboot: () => undefined,
    'os-stop': (server) => {
      if (server.status !== 'ACTIVE')
        throw conflict(`Cannot 'stop' instance ${server.id} while it is in vm_state stopped`);
      nova.setStatus(server.id, 'SHUTOFF');
    },
    'os-start': (server) => nova.setStatus(server.id, 'ACTIVE'),
  };
  app.post('/v2.1/servers/:id/action', (request, reply) => {
    const server = ownServer(cloud, request);
    const [name = ''] = isObject(request.body) ? Object.keys(request.body) : [];
    const action = actions[name];
    if (!action) throw badRequest(`There is no such action: ${name}`);
    action(server, object(request.body, name));
    return reply.code(202).send();
  });
  portRoutes(app, cloud);
  volumeRoutes(app, cloud);
};

const portRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  app.get('/v2.1/servers/:id/os-interface', (request) => ({
    interfaceAttachments: ownServer(cloud, request)
      .port_ids.flatMap((id) => cloud.neutron.ports.rows.get(id) ?? [])
      .map((port) => ({
        port_id: port.id,
        net_id: port.network_id,
        mac_addr: port.mac_address,
        port_state: port.status,
        fixed_ips: port.fixed_ips,
      })),
  }));
};

const volumeRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova, cinder } = cloud;
  const path = '/v2.1/servers/:id/os-volume_attachments';
  const shown = (server: Server, volumeId: string): object => ({
    id: volumeId,
    volumeId,
    serverId: server.id,
    device: cinder.volume(volumeId).attachments[0]?.device ?? null,
  });
  app.get(path, (request) => {
    const server = ownServer(cloud, request);
    return { volumeAttachments: server.volume_ids.map((id) => shown(server, id)) };
  });
  app.get(`${path}/:volume`, (request) => {
    const server = ownServer(cloud, request);
    const id = param(request, 'volume');
    if (!server.volume_ids.includes(id)) throw notFound(`volume_id not found: ${id}`);
    return { volumeAttachment: shown(server, id) };
  });
  app.post(path, (request) => {
    const server = ownServer(cloud, request);
    const id = text(object(request.body, 'volumeAttachment'), 'volumeId') ?? '';
    nova.attachVolume(server.id, id);
    return { volumeAttachment: shown(server, id) };
  });
  app.delete(`${path}/:volume`, (request, reply) => {
    nova.detachVolume(ownServer(cloud, request).id, param(request, 'volume'));
    return reply.code(202).send();
  });
};
