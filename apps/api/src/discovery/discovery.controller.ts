import { Controller, Get, Inject } from '@nestjs/common';
import type { RequestFacts } from '../http/auth/request-context.js';
import { Facts, Public } from '../http/decorators.js';
import { edgeSettings, type EdgeSettings } from '../http/settings.js';
import { versionOneDocument, versionsDocument } from './documents.js';

/** What clients ask before anything else. */
@Controller()
export class DiscoveryController {
  constructor(@Inject(edgeSettings) private readonly settings: EdgeSettings) {}

  @Get()
  @Public()
  versions(@Facts() { links }: RequestFacts): object {
    return versionsDocument(links, this.settings.maxMicroversion);
  }

  @Get('v1')
  @Public()
  versionOne(@Facts() { links }: RequestFacts): object {
    return versionOneDocument(links);
  }
}
