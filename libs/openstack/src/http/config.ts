import type { EndpointInterface } from './session.js';

/** The cloud and our account in it. Read from the environment by each app's `config.ts`. */
export interface CloudConfig {
  /** Identity endpoint, with or without `/v3`. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** `null`: the first region of the catalog that has the service. */
  readonly region: string | null;
  readonly interface: EndpointInterface;
  /** PEM file of the authorities to trust beside Node's own; `null`: only Node's own. */
  readonly caFile: string | null;
  /** Where trustees live. `null` in services that make none. */
  readonly trustees: TrusteeDomain | null;
  /** For one attempt of one call. Default 30 000. */
  readonly timeoutMs?: number;
}

export interface TrusteeDomain {
  /** Domain name; its admin lives in it too. */
  readonly domainName: string;
  readonly adminName: string;
  readonly adminPassword: string;
}
