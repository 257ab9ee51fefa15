import { stringify } from 'yaml';
import type { Credential } from './credential.js';

export interface Endpoint {
  readonly clusterName: string;
  /** URL of the cluster's API. */
  readonly server: string;
  readonly userName: string;
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');

/** A kubeconfig of one cluster, one user, and the context of both. YAML. */
export const kubeconfig = (
  { clusterName, server, userName }: Endpoint,
  credential: Credential | null,
): string => {
  const [authority, user] =
    credential === null
      ? [{}, {}]
      : [
          { 'certificate-authority-data': base64(credential.ca) },
          {
            'client-certificate-data': base64(credential.certificate),
            'client-key-data': base64(credential.key),
          },
        ];
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: clusterName, cluster: { server, ...authority } }],
      users: [{ name: userName, user }],
      contexts: [{ name: clusterName, context: { cluster: clusterName, user: userName } }],
      'current-context': clusterName,
      preferences: {},
    },
    { lineWidth: 0 },
  );
};
