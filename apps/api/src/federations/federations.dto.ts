import { JsonMap, NestedList, OneOf, Text, TextList, Time, Uuid } from '../http/body/fields.js';
import { LinkDto } from '../reads/link.dto.js';

const STATUSES = ['CREATE', 'UPDATE', 'DELETE'].flatMap((action) =>
  ['IN_PROGRESS', 'FAILED', 'COMPLETE'].map((phase) => `${action}_${phase}`),
);

/** A federation of clusters. */
export class FederationDto {
  @Uuid({ description: 'Ignored in requests.' })
  uuid?: string | null;

  @Text({ min: 1, max: 242, pattern: /^[a-zA-Z][a-zA-Z0-9_.-]*$/ })
  name?: string | null;

  @Text({ description: 'Uuid or name of the cluster that hosts it.' })
  hostcluster_id?: string | null;

  @TextList()
  member_ids?: string[] | null;

  @OneOf(STATUSES, { description: 'Ignored in requests.' })
  status?: string | null;

  @Text({ description: 'Ignored in requests.' })
  status_reason?: string | null;

  @JsonMap({ description: 'With `dns-zone`.' })
  properties?: Record<string, unknown> | null;

  @NestedList(() => LinkDto)
  links?: object[];

  @Time()
  created_at?: string;

  @Time()
  updated_at?: string | null;
}
