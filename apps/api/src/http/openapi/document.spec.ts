import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { Int, LabelMap, NestedList, OneOf, ReadOnly, Text, Time, Uuid } from '../body/fields.js';
import { Argument, Arguments, Patches, Since } from '../decorators.js';
import { PageQuery } from '../listing/page.js';
import type { PatchDocument } from '../patch/patch-document.js';
import { openApiDocument } from './document.js';
import { Operation } from './operation.js';

class JugLink {
  @Text() href!: string;
}

class Jug {
  @Uuid({ notNull: true }) uuid!: string;
  @NestedList(() => JugLink, { notNull: true }) links!: JugLink[];
  @Text({ until: '1.12', description: 'Its stack.' }) stack_id?: string | null;
  @Time() created_at?: string;
}

class CreateJug {
  @Text({ required: true, min: 1, max: 5, example: 'blue' }) name!: string;
  @Int({ min: 1, default: 1, notNull: true }) litres!: number;
  @OneOf(['glass', 'clay']) made_of?: string | null;
  @LabelMap({ since: '1.9' }) labels?: Record<string, string>;
  @ReadOnly() links?: unknown;
}

@Controller('v1/jugs')
class JugsController {
  @Get()
  @Operation({ summary: 'List jugs', answers: () => Jug, listedAs: 'jugs' })
  list(@Arguments() query: PageQuery) {
    return query;
  }

  @Post()
  @HttpCode(202)
  create(@Argument('jug') body: CreateJug) {
    return body;
  }

  @Patch(':id')
  update(@Param('id') id: string, @Patches({ dto: CreateJug }) patch: PatchDocument) {
    return { id, patch };
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({ summary: 'Break a jug', parameters: { id: 'UUID or name.' } })
  remove(@Param('id') id: string) {
    return id;
  }

  @Post(':id/actions/pour')
  @Since('1.7')
  @HttpCode(202)
  pour(@Param('id') id: string) {
    return id;
  }
}

const document = openApiDocument([JugsController]) as {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, unknown> };
};

const of = (method: string, path: string) => document.paths[path]![method]!;

describe('the API document', () => {
  it('has every route', () => {
    expect(
      Object.entries(document.paths).map(([path, methods]) => [path, Object.keys(methods)]),
    ).toEqual([
      ['/v1/jugs', ['get', 'post']],
      ['/v1/jugs/{id}', ['patch', 'delete']],
      ['/v1/jugs/{id}/actions/pour', ['post']],
    ]);
  });

  it('shows requests by their fields, without those that cannot be set', () => {
    expect(document.components.schemas['CreateJug']).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 5, examples: ['blue'] },
        litres: { type: 'integer', minimum: 1, maximum: 2147483647, default: 1 },
        made_of: { type: ['string', 'null'], enum: ['glass', 'clay', null] },
        labels: {
          type: ['object', 'null'],
          additionalProperties: { type: 'string' },
          'x-openstack-min-ver': '1.9',
        },
      },
    });
    expect(of('post', '/v1/jugs')['requestBody']).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/CreateJug' },
          example: { name: 'blue', labels: { kube_tag: 'v1.30.2' } },
        },
      },
    });
  });

  it('shows replies with their versions', () => {
    expect(document.components.schemas['Jug']).toMatchObject({
      properties: {
        uuid: { type: 'string', format: 'uuid' },
        links: { type: 'array', items: { $ref: '#/components/schemas/JugLink' } },
        stack_id: { description: 'Its stack.', 'x-openstack-max-ver': '1.12' },
        created_at: { type: ['string', 'null'], format: 'date-time' },
      },
    });
    expect(of('get', '/v1/jugs')['responses']).toMatchObject({
      200: {
        content: {
          'application/json': {
            schema: {
              properties: {
                jugs: { type: 'array', items: { $ref: '#/components/schemas/Jug' } },
                next: { type: 'string' },
              },
            },
          },
        },
      },
    });
  });

  it('names arguments, names in the path and the version header', () => {
    const named = (method: string, path: string) =>
      (of(method, path)['parameters'] as { name: string; in: string }[]).map(
        (parameter) => `${parameter.in} ${parameter.name}`,
      );
    expect(named('get', '/v1/jugs')).toEqual([
      'query limit',
      'query marker',
      'query sort_key',
      'query sort_dir',
      'header OpenStack-API-Version',
    ]);
    expect(of('delete', '/v1/jugs/{id}')['parameters']).toContainEqual({
      name: 'id',
      in: 'path',
      required: true,
      description: 'UUID or name.',
      schema: { type: 'string' },
    });
  });

  it('lists every refusal', () => {
    expect(Object.keys(of('patch', '/v1/jugs/{id}')['responses'] as object)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '406',
      '409',
      '413',
      '415',
      '429',
      '500',
      '503',
    ]);
  });

  it('marks routes with their first version', () => {
    expect(of('post', '/v1/jugs/{id}/actions/pour')).toMatchObject({
      'x-openstack-min-ver': '1.7',
    });
  });
});
