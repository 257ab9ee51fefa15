import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApplication } from '@jeroboam/platform/bootstrap/nest';
import { ApiModule, type ApiParts } from './api.module.js';
import { Admission } from './http/edge/admission.js';
import { edgeAdapter, installEdge } from './http/edge/install.js';

/** The API with its edge, not listening yet: `inject` and `listen` both work on it. */
export const createApi = async (parts: ApiParts): Promise<NestFastifyApplication> => {
  const { settings, log, metrics } = parts;
  const app = await createHttpApplication(ApiModule.of(parts), edgeAdapter(settings), log);
  installEdge(app, { settings, admission: app.get(Admission), log, metrics });
  await app.init();
  return app;
};
