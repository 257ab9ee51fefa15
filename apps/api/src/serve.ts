import { connectCloud } from '@jeroboam/openstack/cloud';
import type { CloudConfig } from '@jeroboam/openstack/http/config';
import type { Running } from '@jeroboam/platform/bootstrap/run-service';
import { Health } from '@jeroboam/platform/health/health';
import type { Log } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { edgeSettingsOf, type Config } from './config.js';
import { createApi } from './create-api.js';
import { Policy } from './http/policy/policy.js';
import { PolicyFile } from './http/policy/policy-file.js';

const cloudConfigOf = ({ account, trusteeDomain }: Config): CloudConfig => ({
  ...account,
  password: account.password.reveal(),
  region: account.regionName,
  trustees: {
    domainName: trusteeDomain.name,
    adminName: trusteeDomain.adminName,
    adminPassword: trusteeDomain.adminPassword.reveal(),
  },
});

/** Connects to everything and listens. */
export const serve = async (config: Config, log: Log): Promise<Running> => {
  const policy = new Policy(new PolicyFile(config.policy, log), config.trusteeDomain.name);
  const cloud = connectCloud(cloudConfigOf(config));
  const app = await createApi({
    settings: edgeSettingsOf(config),
    disablingFile: config.disablingFile,
    keystone: cloud.keystone,
    policy,
    health: new Health(),
    metrics: new Metrics('api').withProcess(),
    log,
  });
  await app.listen({ host: config.http.host, port: config.http.port });
  return {
    listening: { http: await app.getUrl() },
    stop: async () => {
      await app.close();
      await cloud.close();
    },
  };
};
