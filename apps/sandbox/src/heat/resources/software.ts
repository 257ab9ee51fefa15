import { randomUUID } from 'node:crypto';
import { stringify } from 'yaml';
import type { Json, JsonMap } from '../json.js';
import { listOf, mapOf, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { anything, boolean, list, map, text } from './property.js';

const TYPES = ['String', 'Number', 'CommaDelimitedList', 'Json', 'Boolean'];

const inputs = list({
  items: map({
    fields: {
      name: text({ required: true }),
      description: text(),
      type: text({ default: 'String', allowed: TYPES }),
      default: anything(),
      replace_on_change: boolean({ default: false }),
    },
  }),
});

const outputs = list({
  items: map({
    fields: {
      name: text({ required: true }),
      description: text(),
      type: text({ default: 'String', allowed: TYPES }),
      error_output: boolean({ default: false }),
    },
  }),
});

/** A configuration is a document with an id; how it is put together is all that differs. */
const configuration = (
  properties: Kind['properties'],
  render: (properties: JsonMap) => Json,
): Kind => ({
  properties,
  attributes: ['config'],
  create: (site) => ({
    physicalId: randomUUID(),
    data: { config: render(site.properties), outputs: site.properties.outputs ?? [] },
  }),
  show: (site) => ({ config: site.resource.data.config ?? null }),
});

const BOUNDARY = '===============jeroboam==';

const mimePart = (part: JsonMap): string => {
  const config = toText(part.config);
  const subtype =
    toText(part.subtype) || (config.startsWith('#cloud-config') ? 'cloud-config' : 'x-shellscript');
  const filename = part.filename
    ? `Content-Disposition: attachment; filename="${toText(part.filename)}"\n`
    : '';
  return (
    `Content-Type: text/${subtype}; charset="us-ascii"\nMIME-Version: 1.0\n` +
    `Content-Transfer-Encoding: 7bit\n${filename}\n${config}`
  );
};

const multipart = (properties: JsonMap): Json => {
  const parts = listOf(properties.parts).map(mapOf).map(mimePart);
  const body = parts.map((part) => `--${BOUNDARY}\n${part}\n`).join('');
  return (
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"\nMIME-Version: 1.0\n\n` +
    `${body}--${BOUNDARY}--\n`
  );
};

const cloudConfig = (properties: JsonMap): Json =>
  `#cloud-config\n${stringify(mapOf(properties.cloud_config))}`;

const grouped = {
  group: text({ default: 'Heat::Ungrouped' }),
};

const deploymentProperties = {
  config: text({ update: true }),
  input_values: map({ update: true }),
  actions: list({
    update: true,
    default: ['CREATE', 'UPDATE'],
    allowed: ['CREATE', 'UPDATE', 'DELETE', 'SUSPEND', 'RESUME'],
  }),
  name: text({ update: true }),
  signal_transport: text({
    default: 'CFN_SIGNAL',
    allowed: ['CFN_SIGNAL', 'TEMP_URL_SIGNAL', 'HEAT_SIGNAL', 'NO_SIGNAL', 'ZAQAR_SIGNAL'],
  }),
};

/** Guests of this cloud do not run: what was sent to them is taken to have succeeded. */
const succeeded = (): JsonMap => ({ deploy_stdout: '', deploy_stderr: '', deploy_status_code: 0 });

const deployment = (properties: Kind['properties']): Kind => ({
  properties: { ...deploymentProperties, server: text({ required: true }), ...properties },
  attributes: ['deploy_stdout', 'deploy_stderr', 'deploy_status_code'],
  create: () => ({ physicalId: randomUUID() }),
  update: () => undefined,
  show: succeeded,
});

const perServer = (site: Site, value: Json): JsonMap =>
  Object.fromEntries(
    Object.keys(mapOf(site.resource.properties.servers)).map((name) => [name, value]),
  );

const deploymentGroup: Kind = {
  properties: { ...deploymentProperties, servers: map({ required: true, update: true }) },
  attributes: ['deploy_stdouts', 'deploy_stderrs', 'deploy_status_codes'],
  create: () => ({ physicalId: randomUUID() }),
  update: () => undefined,
  show: (site) => ({
    deploy_stdouts: perServer(site, ''),
    deploy_stderrs: perServer(site, ''),
    deploy_status_codes: perServer(site, 0),
  }),
};

const structured = {
  input_key: text({ default: 'get_input' }),
  input_values_validate: text({ default: 'LAX', allowed: ['LAX', 'STRICT'] }),
};

export const softwareKinds: Readonly<Record<string, Kind>> = {
  'OS::Heat::SoftwareConfig': configuration(
    { ...grouped, config: text(), options: map(), inputs, outputs },
    (properties) => toText(properties.config),
  ),
  'OS::Heat::StructuredConfig': configuration(
    { ...grouped, config: map(), options: map(), inputs, outputs },
    (properties) => mapOf(properties.config),
  ),
  'OS::Heat::MultipartMime': configuration(
    {
      ...grouped,
      parts: list({
        default: [],
        items: map({
          fields: {
            config: text({ required: true }),
            filename: text(),
            type: text({ default: 'text', allowed: ['text', 'multipart'] }),
            subtype: text(),
          },
        }),
      }),
    },
    multipart,
  ),
  'OS::Heat::CloudConfig': configuration({ cloud_config: map() }, cloudConfig),
  'OS::Heat::SoftwareDeployment': deployment({}),
  'OS::Heat::StructuredDeployment': deployment(structured),
  'OS::Heat::SoftwareDeploymentGroup': deploymentGroup,
  'OS::Heat::StructuredDeploymentGroup': {
    ...deploymentGroup,
    properties: { ...deploymentGroup.properties, ...structured },
  },
};
