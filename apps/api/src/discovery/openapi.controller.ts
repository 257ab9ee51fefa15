import { Controller, Get, Inject } from '@nestjs/common';
import type { JsonSchema } from '../http/body/field-type.js';
import { Public } from '../http/decorators.js';
import { Operation } from '../http/openapi/operation.js';

/** Names the API's own description to Nest. */
export const apiDocument = Symbol('API document');

@Controller('v1/openapi.json')
export class OpenApiController {
  constructor(@Inject(apiDocument) private readonly document: JsonSchema) {}

  @Get()
  @Public()
  @Operation({ summary: 'This document' })
  show(): JsonSchema {
    return this.document;
  }
}
