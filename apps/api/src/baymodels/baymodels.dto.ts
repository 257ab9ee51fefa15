import {
  ClusterTemplateDto,
  type TemplateShape,
} from '../clustertemplates/clustertemplates.dto.js';
import { ReadOnly, Text, TextMap } from '../http/body/fields.js';
import { UNTIL } from '../http/microversion/history.js';
import type { PatchRules } from '../http/patch/patch-document.js';
import { templatePatchRules } from '../clustertemplates/change-template.js';

const dottedQuad = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

const addressFault = (value: string): string | null =>
  dottedQuad.test(value) ? null : `'${value}' does not appear to be an IPv4 address`;

/** A cluster template under its older name, with fewer liberties. */
export class BaymodelDto extends ClusterTemplateDto {
  @Text({ check: addressFault, description: 'An IPv4 address.' })
  declare dns_nameserver?: string | null;

  @TextMap({ default: {}, notNull: true, nullShown: true, description: 'Settings of the driver.' })
  declare labels: Record<string, string>;

  // No version of baymodels has had it.
  @ReadOnly({ until: UNTIL.never })
  declare driver?: string | null;
}

export const baymodelShape: TemplateShape = { dto: BaymodelDto, collection: 'baymodels' };

export const baymodelPatchRules: PatchRules = { ...templatePatchRules, dto: BaymodelDto };
