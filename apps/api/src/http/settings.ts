import type { BodyLimits } from './body/field-type.js';
import type { Microversion } from './microversion/microversion.js';
import type { HostSettings } from './routing/links.js';
import type { TokenCacheSettings } from './auth/token-cache.js';

/** Requests a project may send: `perSecond` on average, `burst` at once. 0 a second: no limit. */
export interface RateSettings {
  readonly perSecond: number;
  readonly burst: number;
}

/** What an operator decides about the edge. */
export interface EdgeSettings {
  /** Highest version offered. */
  readonly maxMicroversion: Microversion;
  readonly host: HostSettings;
  /** Origins browsers may come from; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Keystone as clients reach it: named in 401. */
  readonly authUri: string;
  readonly tokens: TokenCacheSettings;
  /** Largest page, and the size of one when no limit is given. */
  readonly maxLimit: number;
  readonly bodyBytes: number;
  readonly limits: BodyLimits;
  readonly rate: RateSettings;
}

/** Names {@link EdgeSettings} to Nest. */
export const edgeSettings = Symbol('EdgeSettings');
