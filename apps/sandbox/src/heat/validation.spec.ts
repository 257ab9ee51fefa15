import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sandbox, at } from '../testing/sandbox.js';
import { HOT, Stacks } from './testing/stacks.js';

const random = (properties: object): object => ({
  a: { type: 'OS::Heat::RandomString', properties },
});
const child = (resources: object): object => ({
  heat_template_version: HOT,
  parameters: { p: { type: 'string' } },
  resources,
});

/** Every message is what Heat 19 answers to the same request. */
describe('a template that Heat would refuse', () => {
  let sandbox: Sandbox;
  let stacks: Stacks;
  beforeAll(async () => {
    sandbox = new Sandbox();
    stacks = await Stacks.in(sandbox);
  });
  afterAll(() => sandbox.close());

  const create = (body: object): ReturnType<Stacks['call']> =>
    stacks.call('POST', '/stacks', { stack_name: 'refused', ...body });

  it.each<[string, object]>([
    ['The Resource Type (OS::Foo::Bar) could not be found.', { a: { type: 'OS::Foo::Bar' } }],
    ['Property error: : resources.a.properties: : Unknown Property foo', random({ foo: 1 })],
    [
      "Property error: : resources.a.properties.length: : Value 'abc' is not an integer",
      random({ length: 'abc' }),
    ],
    [
      'Property error: : resources.a.properties.length: : 1000 is out of range (min: 1, max: 512)',
      random({ length: 1000 }),
    ],
    [
      'Property error: : resources.a.properties: : Property network not assigned',
      { a: { type: 'OS::Neutron::Subnet', properties: { cidr: '10.0.0.0/24' } } },
    ],
    [
      "Property error: : resources.a.properties.flavor: : Error validating value 'nope': No Flavor matching {'name': 'nope'}. (HTTP 404)",
      { a: { type: 'OS::Nova::Server', properties: { flavor: 'nope' } } },
    ],
    [
      'Property error: : resources.a.properties.networks[0]: : Unknown Property foo',
      {
        a: { type: 'OS::Nova::Server', properties: { flavor: 'm1.small', networks: [{ foo: 1 }] } },
      },
    ],
    [
      'Property error: : resources.a.properties.ip_version: : 5 is not an allowed value [4, 6]',
      { a: { type: 'OS::Neutron::Subnet', properties: { network: 'public', ip_version: 5 } } },
    ],
    [
      'Property error: : resources.a.properties.shared: : "maybe" is not a valid boolean',
      { a: { type: 'OS::Neutron::Net', properties: { shared: 'maybe' } } },
    ],
    [
      "Property error: : resources.a.properties.name: : Value must be a string; got {'a': 1}",
      { a: { type: 'OS::Neutron::Net', properties: { name: { a: 1 } } } },
    ],
    [
      'Property error: : resources.a.properties.value_specs: : "a" is not a map',
      { a: { type: 'OS::Neutron::Net', properties: { value_specs: 'a' } } },
    ],
    [
      'Property error: : resources.a.properties.salt: : The Parameter (zz) was not provided.',
      random({ salt: { get_param: 'zz' } }),
    ],
    [
      'Property error: : resources.a.properties.salt: : No content found in the "files" section for get_file path: x',
      random({ salt: { get_file: 'x' } }),
    ],
    [
      'The specified reference "zz" (in a.Properties.salt) is incorrect.',
      random({ salt: { get_resource: 'zz' } }),
    ],
    [
      'The specified reference "zz" (in a) is incorrect.',
      { a: { type: 'OS::Heat::None', depends_on: 'zz' } },
    ],
    [
      'resources.a.properties.salt.get_attr: : The Referenced Attribute (b nono) is incorrect.',
      { b: { type: 'OS::Heat::TestResource' }, ...random({ salt: { get_attr: ['b', 'nono'] } }) },
    ],
    [
      '"foo" is not a valid keyword inside a resource definition',
      { a: { type: 'OS::Heat::None', foo: 1 } },
    ],
    ['Each resource must contain a type key.', { a: { properties: {} } }],
    [
      '"resources" must contain a map of resource maps. Found a [<class \'str\'>] instead',
      { a: 'x' },
    ],
    [
      'resources.a.condition: : Invalid condition "nocond"',
      { a: { type: 'OS::Heat::None', condition: 'nocond' } },
    ],
    ['Invalid deletion policy "foo"', { a: { type: 'OS::Heat::None', deletion_policy: 'foo' } }],
    ['Could not fetch remote template "x.yaml": Invalid URL scheme ', { a: { type: 'x.yaml' } }],
  ])('%s', async (message, resources) => {
    const answer = await create({ template: { heat_template_version: HOT, resources } });
    expect([answer.status, stacks.message(answer)]).toEqual([400, message]);
  });

  it.each<[string, object, unknown]>([
    ["could not convert string to float: 'abc'", { type: 'number' }, 'abc'],
    [
      "Error validating value 'nokey': The Key (nokey) could not be found.",
      { type: 'string', constraints: [{ custom_constraint: 'nova.keypair' }] },
      'nokey',
    ],
    [
      "Error validating value 'noi': No images matching {'name': 'noi'}.",
      { type: 'string', constraints: [{ custom_constraint: 'glance.image' }] },
      'noi',
    ],
    [
      "Error validating value 'non': Unable to find network with name or id 'non'",
      { type: 'string', constraints: [{ custom_constraint: 'neutron.network' }] },
      'non',
    ],
    [
      "Error validating value 'x': Invalid net cidr invalid IPNetwork x ",
      { type: 'string', constraints: [{ custom_constraint: 'net_cidr' }] },
      'x',
    ],
    [
      '"x" does not validate what (constraint not found)',
      { type: 'string', constraints: [{ custom_constraint: 'what' }] },
      'x',
    ],
    [
      '"c" is not an allowed value ["a", "b"]',
      { type: 'string', constraints: [{ allowed_values: ['a', 'b'] }] },
      'c',
    ],
    [
      '"C" does not match pattern "[a-z]+"',
      { type: 'string', constraints: [{ allowed_pattern: '[a-z]+' }] },
      'C',
    ],
    [
      'length (1) is out of range (min: 3, max: None)',
      { type: 'string', constraints: [{ length: { min: 3 } }] },
      'a',
    ],
    [
      '0 is out of range (min: 1, max: None)',
      { type: 'number', constraints: [{ range: { min: 1 } }] },
      0,
    ],
    [
      'descr here',
      { type: 'string', constraints: [{ length: { max: 0 }, description: 'descr here' }] },
      'a',
    ],
  ])('a parameter: %s', async (message, schema, value) => {
    const template = { heat_template_version: HOT, parameters: { p: schema } };
    const answer = await create({ template, parameters: { p: value } });
    expect(stacks.message(answer)).toBe(`Parameter 'p' is invalid: ${message}`);
  });

  it.each<[string, object]>([
    [
      'Property error: : resources.a<x.yaml>.resources.r.properties: : Unknown Property foo',
      { a: { type: 'x.yaml', properties: { p: '1' } } },
    ],
    [
      'Property error: : resources.a.properties: : Unknown Property q',
      { a: { type: 'x.yaml', properties: { q: '1' } } },
    ],
    [
      'Property error: : resources.a.properties: : Property p not assigned',
      { a: { type: 'x.yaml' } },
    ],
    [
      'Property error: : resources.g<nested_stack>.resources.0<x.yaml>.resources.r.properties: : Unknown Property foo',
      {
        g: {
          type: 'OS::Heat::ResourceGroup',
          properties: {
            resource_def: { type: 'x.yaml', properties: { p: { get_resource: 'n' } } },
          },
        },
        n: { type: 'OS::Heat::None' },
      },
    ],
    [
      'Property error: : resources.g<nested_stack>.resources[0].properties: : Unknown Property p',
      {
        g: {
          type: 'OS::Heat::ResourceGroup',
          properties: { resource_def: { type: 'OS::Heat::RandomString', properties: { p: '1' } } },
        },
      },
    ],
  ])('nested: %s', async (message, resources) => {
    const files = {
      'x.yaml': JSON.stringify(
        child({ r: { type: 'OS::Heat::RandomString', properties: { foo: 1 } } }),
      ),
    };
    const answer = await create({ template: { heat_template_version: HOT, resources }, files });
    expect(stacks.message(answer)).toBe(message);
  });

  it.each<[string, string, object]>([
    [
      'InvalidTemplateVersion',
      'The template version is invalid: Template version was not provided',
      { template: { resources: {} } },
    ],
    [
      'StackValidationFailed',
      'The template section is invalid: foo',
      { template: { heat_template_version: HOT, foo: {} } },
    ],
    [
      'UserParameterMissing',
      'The Parameter (p) was not provided.',
      { template: { heat_template_version: HOT, parameters: { p: { type: 'string' } } } },
    ],
    [
      'UnknownUserParameter',
      'The Parameter (zz) was not defined in template.',
      { template: { heat_template_version: HOT }, parameters: { zz: 1 } },
    ],
    [
      'InvalidSchemaError',
      'Invalid type (foo)',
      { template: { heat_template_version: HOT, parameters: { p: { type: 'foo' } } } },
    ],
    ['HTTPBadRequest', 'No template specified', {}],
    [
      'HTTPBadRequest',
      'Environment not in valid format: environment has wrong section "foo"',
      { template: { heat_template_version: HOT }, environment: { foo: 1 } },
    ],
    [
      'HTTPBadRequest',
      "Only integer is acceptable by 'timeout_mins'.",
      { template: { heat_template_version: HOT }, timeout_mins: 'x' },
    ],
    [
      'StackValidationFailed',
      'outputs.o.value.get_attr: : The specified reference "zz" (in unknown) is incorrect.',
      {
        template: {
          heat_template_version: HOT,
          outputs: { o: { value: { get_attr: ['zz', 'x'] } } },
        },
      },
    ],
    [
      'StackValidationFailed',
      'Output validation error: : outputs.o: : Each output definition must contain a value key.',
      { template: { heat_template_version: HOT, outputs: { o: { description: 'x' } } } },
    ],
  ])('%s: %s', async (type, message, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(at(answer.body, 'error')).toMatchObject({ type, message });
  });

  it('with a circle in it', async () => {
    const resources = {
      a: { type: 'OS::Heat::RandomString', properties: { salt: { get_attr: ['b', 'value'] } } },
      b: { type: 'OS::Heat::RandomString', properties: { salt: { get_attr: ['a', 'value'] } } },
    };
    const answer = await create({ template: { heat_template_version: HOT, resources } });
    expect(at(answer.body, 'error', 'type')).toBe('CircularDependencyException');
  });

  it('leaves nothing behind', async () => {
    expect(at((await stacks.call('GET', '/stacks')).body, 'stacks')).toEqual([]);
  });
});
