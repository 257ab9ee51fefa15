import type { FastifyInstance } from 'fastify';
import { WITH_HEAD } from '../../authentication.js';
import type { Cloud, TokenContext } from '../../cloud.js';
import { flag, isObject, list, numeric, object, text, type Json } from '../../http/fields.js';
import { param, queryOf } from '../../query.js';
import { badRequest, notFound, notPermitted } from '../errors.js';
import { required } from './identity.routes.js';
import { isCloudAdmin } from './policy.js';
import { Shown } from './shown.js';
import { refuseCredentials, type NewTrust } from '../trusts.js';
import type { Trust } from '../types.js';

const toWish = (wish: Json): NewTrust => {
  const impersonation = flag(wish, 'impersonation');
  if (impersonation === undefined)
    throw badRequest(
      "'impersonation' is a required property\n\nFailed validating 'required' in schema. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.",
    );
  return {
    trustor_user_id: required(wish, 'trustor_user_id'),
    trustee_user_id: required(wish, 'trustee_user_id'),
    project_id: text(wish, 'project_id'),
    impersonation,
    roles: list(wish, 'roles').filter(isObject),
    expires_at: text(wish, 'expires_at'),
    remaining_uses: numeric(wish, 'remaining_uses'),
    allow_redelegation: flag(wish, 'allow_redelegation', false),
    redelegation_count: numeric(wish, 'redelegation_count'),
  };
};

const isParty = (caller: TokenContext, trust: Trust): boolean =>
  trust.trustor_user_id === caller.userId || trust.trustee_user_id === caller.userId;

/** OS-TRUST. */
export const trustRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { trusts, tokens, directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.post('/v3/OS-TRUST/trusts', (request, reply) => {
    const trust = trusts.create(request.caller, toWish(object(request.body, 'trust')));
    return reply.code(201).send({ trust: shown.trust(trust, true) });
  });

  app.get('/v3/OS-TRUST/trusts', (request) => {
    const query = queryOf(request);
    const { caller } = request;
    const own = query.trustor_user_id === caller.userId || query.trustee_user_id === caller.userId;
    if (!own && !isCloudAdmin(caller)) throw notPermitted('identity:list_trusts');
    const rows = trusts
      .all()
      .filter((row) => (query.trustor_user_id ?? row.trustor_user_id) === row.trustor_user_id)
      .filter((row) => (query.trustee_user_id ?? row.trustee_user_id) === row.trustee_user_id);
    const shownRows = rows.map((row) => shown.trust(row, false));
    return shown.list('trusts', 'OS-TRUST/trusts', shownRows);
  });

  const visible = (caller: TokenContext, id: string, action: string): Trust => {
    const trust = trusts.get(id);
    if (!isParty(caller, trust) && !isCloudAdmin(caller)) throw notPermitted(`identity:${action}`);
    return trust;
  };

  app.get('/v3/OS-TRUST/trusts/:id', (request) => ({
    trust: shown.trust(visible(request.caller, param(request, 'id'), 'get_trust'), true),
  }));

  app.get('/v3/OS-TRUST/trusts/:id/roles', (request) => {
    const trust = visible(request.caller, param(request, 'id'), 'list_roles_for_trust');
    const roles = trust.role_ids.map((id) => shown.role(directory.role(id)));
    return shown.list('roles', `OS-TRUST/trusts/${trust.id}/roles`, roles);
  });

  app.get('/v3/OS-TRUST/trusts/:id/roles/:role', WITH_HEAD, (request) => {
    const trust = visible(request.caller, param(request, 'id'), 'get_role_for_trust');
    const role = param(request, 'role');
    if (!trust.role_ids.includes(role)) throw notFound('role', role);
    return { role: shown.role(directory.role(role)) };
  });

  app.delete('/v3/OS-TRUST/trusts/:id', (request, reply) => {
    const { caller } = request;
    const trust = trusts.get(param(request, 'id'));
    refuseCredentials(caller);
    if (trust.trustor_user_id !== caller.userId && !isCloudAdmin(caller))
      throw notPermitted('identity:delete_trust');
    trusts.delete(trust.id);
    tokens.revokeWhere((t) => t.scope.kind === 'trust' && t.scope.trustId === trust.id);
    return reply.code(204).send();
  });
};
