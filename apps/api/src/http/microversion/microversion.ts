import { NoRoute, AnsweredFault, type Answer } from '../errors/faults.js';

/** `1.x`; only the minor part ever differs. */
export type VersionText = `1.${number}`;

const minorOf = (text: VersionText): number => Number(text.slice(2));

/** The version of the API a request speaks. Mappers ask it which members to render. */
export class Microversion {
  static readonly min = new Microversion(1);

  private constructor(readonly minor: number) {}

  static of(text: VersionText): Microversion {
    return new Microversion(minorOf(text));
  }

  atLeast(version: VersionText): boolean {
    return this.minor >= minorOf(version);
  }

  below(version: VersionText): boolean {
    return !this.atLeast(version);
  }

  /** Whether it lies in a range; an open end is left out. */
  within(range: VersionRange): boolean {
    if (range.since !== undefined && this.below(range.since)) return false;
    return range.until === undefined || this.minor <= minorOf(range.until);
  }

  toString(): VersionText {
    return `1.${this.minor}`;
  }
}

/** Versions at which a route, an argument or a member exists; both ends included. */
export interface VersionRange {
  readonly since?: VersionText;
  readonly until?: VersionText;
}

export const serviceName = 'container-infrastructure-management';
const services = ['container-infra', 'container-infrastructure', serviceName];

/** Headers of a request answered at `version` (as text: a refused one may be out of range). */
export const versionHeaders = (version: string, max: Microversion): Record<string, string> => ({
  'OpenStack-API-Minimum-Version': `${serviceName} ${Microversion.min.toString()}`,
  'OpenStack-API-Maximum-Version': `${serviceName} ${max.toString()}`,
  'OpenStack-API-Version': `${serviceName} ${version}`,
  vary: 'OpenStack-API-Version',
});

/** The version asked for is not served: 406 in a shape of its own. */
export class UnsupportedMicroversion extends AnsweredFault {
  override readonly name = 'UnsupportedMicroversion';

  constructor(
    readonly requested: string,
    readonly max: Microversion,
    explanation: string,
  ) {
    const range = `[${serviceName} ${Microversion.min.toString()}, ${serviceName} ${max.toString()}]`;
    super(`${explanation}The supported version range is: ${range}.`);
  }

  answer(): Answer {
    const error = {
      code: 'magnum.microversion-unsupported',
      title: 'Requested microversion is unsupported',
      description: this.message,
      max_version: this.max.toString(),
      min_version: Microversion.min.toString(),
      links: [
        {
          rel: 'help',
          href: 'http://docs.openstack.org/api-guide/compute/microversions.html',
        },
      ],
    };
    const headers = versionHeaders(this.requested, this.max);
    return { status: 406, body: { errors: [error] }, headers, versioned: true };
  }
}

const wrongService = 'Invalid service type for OpenStack-API-Version header';
const wrongValue = 'Invalid value for OpenStack-API-Version header';

const numbersOf = (value: string): [number, number] => {
  const parts = /^(\d+)\.(\d+)$/.exec(value);
  if (!parts) throw new NoRoute(406, wrongValue);
  return [Number(parts[1]), Number(parts[2])];
};

const inRange = (value: string, max: Microversion): Microversion => {
  const [major, minor] = numbersOf(value);
  const version = `${major}.${minor}`;
  if (major !== 1) {
    // No space before "The": so it is on the wire.
    const text = `Mutually exclusive versions requested. Version ${version} requested but not supported by this service.`;
    throw new UnsupportedMicroversion(version, max, text);
  }
  if (minor < Microversion.min.minor || minor > max.minor) {
    const text = `Version ${version} was requested but the minor version is not supported by this service. `;
    throw new UnsupportedMicroversion(version, max, text);
  }
  return Microversion.of(`1.${minor}`);
};

/**
 * Version named by an `OpenStack-API-Version` header: `<service> <X.Y|latest>`; absent means 1.1.
 * Throws the 406 of whatever is wrong with it.
 */
export const negotiate = (header: string | undefined, max: Microversion): Microversion => {
  if (header === undefined) return Microversion.min;
  const [service, value, more] = header.trim().split(/\s+/);
  if (service === undefined || value === undefined || more !== undefined)
    throw new NoRoute(406, wrongService);
  if (value.toLowerCase() === 'latest') return max;
  if (!services.includes(service)) throw new NoRoute(406, wrongService);
  return inRange(value, max);
};

/** Where a route exists, and the name of its operation in the refusal. */
export interface Gate extends VersionRange {
  readonly api: string;
}

/** Below its first version a route is 406 by name; past its last one it is simply not there. */
export const refusedBy = (gate: Gate, version: Microversion): NoRoute | null => {
  if (gate.since !== undefined && version.below(gate.since)) {
    const text = `Version ${version.toString()} was requested but the requested API ${gate.api} is not supported for this version.`;
    return new NoRoute(406, text);
  }
  return version.within(gate) ? null : new NoRoute(404);
};
