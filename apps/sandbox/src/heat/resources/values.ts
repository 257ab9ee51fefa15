import { randomInt, randomUUID } from 'node:crypto';
import type { Json, JsonMap } from '../json.js';
import { listOf, mapOf, toText } from '../json.js';
import { asBoolean } from '../template/parameters.js';
import type { Kind } from './kind.js';
import { ResourceError, physicalName } from './kind.js';
import { anything, boolean, decimal, integer, list, map, text } from './property.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const CLASSES: Readonly<Record<string, string>> = {
  lettersdigits: LETTERS + LETTERS.toUpperCase() + DIGITS,
  letters: LETTERS + LETTERS.toUpperCase(),
  lowercase: LETTERS,
  uppercase: LETTERS.toUpperCase(),
  digits: DIGITS,
  hexdigits: `${DIGITS}ABCDEF`,
  octdigits: '01234567',
};

const pick = (from: readonly string[]): string => from[randomInt(Math.max(from.length, 1))] ?? '';

const lettersOf = (entry: JsonMap): string[] => Array.from(CLASSES[toText(entry.class)] ?? LETTERS);

const minimum = (entry: JsonMap): number => Number(entry.min ?? 1);

/** At least as many of each class and sequence as asked for, in no order, filled up from all. */
const randomString = (properties: JsonMap): string => {
  const classes = listOf(properties.character_classes).map(mapOf);
  const sequences = listOf(properties.character_sequences).map(mapOf);
  const length = Number(properties.length);
  const required = [
    ...classes.flatMap((entry) =>
      Array.from({ length: minimum(entry) }, () => pick(lettersOf(entry))),
    ),
    ...sequences.flatMap((entry) =>
      Array.from({ length: minimum(entry) }, () => toText(entry.sequence)),
    ),
  ];
  const alphabet = classes.flatMap(lettersOf);
  const missing = Math.max(0, length - required.join('').length);
  const filling = Array.from({ length: missing }, () => pick(alphabet));
  const shuffled = [...required, ...filling];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? '', shuffled[last] ?? ''];
  }
  return shuffled.join('').slice(0, length);
};

const randomKind: Kind = {
  properties: {
    length: integer({ default: 32, range: { min: 1, max: 512 } }),
    character_classes: list({
      default: [{ class: 'lettersdigits', min: 1 }],
      items: map({
        fields: {
          class: text({ default: 'lettersdigits', allowed: Object.keys(CLASSES) }),
          min: integer({ default: 1, range: { min: 1, max: 512 } }),
        },
      }),
    }),
    character_sequences: list({
      items: map({
        fields: {
          sequence: text({ required: true }),
          min: integer({ default: 1, range: { min: 1, max: 512 } }),
        },
      }),
    }),
    salt: text(),
  },
  attributes: ['value'],
  create: (site) => ({
    physicalId: physicalName(site.stack.name, site.resource.name),
    data: { value: randomString(site.properties) },
  }),
  show: (site) => ({ value: site.resource.data.value ?? null }),
  reference: (site) => site.resource.data.value ?? null,
};

const typed = (value: Json, type: Json | undefined): Json => {
  switch (type) {
    case 'string':
      return toText(value);
    case 'number':
      return Number(value);
    case 'boolean':
      return asBoolean(value);
    case 'comma_delimited_list':
      return Array.isArray(value) ? value : toText(value).split(',');
    default:
      return value;
  }
};

const valueKind: Kind = {
  properties: {
    value: anything({ required: true, update: true }),
    type: text({
      update: true,
      allowed: ['string', 'number', 'comma_delimited_list', 'json', 'boolean'],
    }),
  },
  attributes: ['value'],
  create: (site) => ({ physicalId: physicalName(site.stack.name, site.resource.name) }),
  update: () => undefined,
  show: ({ resource: { properties } }) => ({
    value: typed(properties.value ?? null, properties.type),
  }),
};

const testKind: Kind = {
  properties: {
    constraint_prop_secs: decimal({ update: true, default: 0 }),
    attr_wait_secs: decimal({ update: true, default: 0 }),
    value: text({ update: true, default: 'test_string' }),
    update_replace_value: text(),
    fail: boolean({ update: true, default: false }),
    update_replace: boolean({ update: true, default: false }),
    wait_secs: decimal({ update: true, default: 0 }),
    action_wait_secs: map({
      update: true,
      fields: { create: decimal(), update: decimal(), delete: decimal() },
    }),
    client_name: text({ update: true, default: '' }),
    entity_name: text({ update: true, default: '' }),
  },
  attributes: ['output'],
  create: (site) => ({
    physicalId: physicalName(site.stack.name, site.resource.name),
    readyAt: site.now + 1000 * Number(site.properties.wait_secs),
  }),
  fault: (site) =>
    site.properties.fail === true
      ? new ResourceError('ValueError', `Test Resource failed ${site.resource.name}`)
      : undefined,
  replaces: (_site, changed) => changed.update_replace === true,
  update: (site) => site.now + 1000 * Number(site.properties.wait_secs),
  show: (site) => ({ output: site.resource.properties.value ?? null }),
};

const handle: Kind = {
  properties: {
    signal_transport: text({
      default: 'TOKEN_SIGNAL',
      allowed: [
        'CFN_SIGNAL',
        'TEMP_URL_SIGNAL',
        'HEAT_SIGNAL',
        'NO_SIGNAL',
        'ZAQAR_SIGNAL',
        'TOKEN_SIGNAL',
      ],
    }),
  },
  attributes: ['token', 'endpoint', 'curl_cli', 'signal'],
  create: (site) => ({
    physicalId: physicalName(site.stack.name, site.resource.name),
    data: { token: randomUUID().replaceAll('-', '') },
  }),
  show: (site) => {
    const { id, name, projectId } = site.stack;
    const endpoint =
      `${site.cloud.settings.baseUrl}/orchestration/v1/${projectId}/stacks/${name}/${id}` +
      `/resources/${site.resource.name}/signal`;
    const token = site.resource.data.token ?? '';
    return {
      token,
      endpoint,
      curl_cli:
        `curl -i -X POST -H 'X-Auth-Token: ${toText(token)}' -H 'Content-Type: application/json' ` +
        `-H 'Accept: application/json' ${endpoint}`,
      signal: JSON.stringify({ alarm_url: endpoint }),
    };
  },
};

/** Nobody signals in this cloud: the condition is met by itself. */
const condition: Kind = {
  properties: {
    handle: text({ required: true }),
    timeout: decimal({ required: true, range: { min: 1, max: 43200 } }),
    count: integer({ update: true, default: 1, range: { min: 1 } }),
  },
  attributes: ['data'],
  create: (site) => ({ physicalId: physicalName(site.stack.name, site.resource.name) }),
  update: () => undefined,
  show: (site) => {
    const count = Number(site.resource.properties.count ?? 1);
    const data = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [String(at + 1), null]),
    );
    return { data: JSON.stringify(data) };
  },
};

const none: Kind = {
  properties: {},
  attributes: [],
  create: (site) => ({ physicalId: physicalName(site.stack.name, site.resource.name) }),
  update: () => undefined,
};

export const valueKinds: Readonly<Record<string, Kind>> = {
  'OS::Heat::RandomString': randomKind,
  'OS::Heat::Value': valueKind,
  'OS::Heat::TestResource': testKind,
  'OS::Heat::WaitConditionHandle': handle,
  'OS::Heat::WaitCondition': condition,
  'OS::Heat::None': none,
};
