import { Refused } from '@jeroboam/eventing/decider';
import type { RowReader } from '@jeroboam/eventing/row-store';
import {
  templateByNumber,
  templateByUuid,
  templatesByName,
  type ClusterTemplateRow,
} from '@jeroboam/read-models/cluster-templates';
import type { Scope } from '@jeroboam/read-models/clusters';
import { isUuidLike } from '../http/body/scalars.js';
import type { PolicyTarget } from '../http/policy/policy.js';

export const noTemplate = (ident: string): Refused =>
  new Refused('not-found', `ClusterTemplate ${ident} could not be found.`);

/** The template of that uuid or name. 404; 409 when two that can be seen bear the name. */
export const findTemplate = (
  reader: RowReader,
  scope: Scope,
  ident: string,
): ClusterTemplateRow => {
  if (isUuidLike(ident)) {
    const found = templateByUuid(reader, scope, ident);
    if (found === null) throw noTemplate(ident);
    return found;
  }
  const [found, other] = templatesByName(reader, scope, ident);
  if (found === undefined) throw noTemplate(ident);
  if (other === undefined) return found;
  throw new Refused(
    'conflict',
    'Multiple ClusterTemplates exist with same name. Please use the ClusterTemplate uuid instead.',
  );
};

const integer = /^(?:0|-?[1-9]\d*)$/;

/**
 * As {@link findTemplate}, for a cluster that is to be made of it: an integer is the template's number
 * there, never a name.
 */
export const findTemplateToUse = (
  reader: RowReader,
  scope: Scope,
  ident: string,
): ClusterTemplateRow => {
  if (!integer.test(ident)) return findTemplate(reader, scope, ident);
  const found = templateByNumber(reader, scope, Number(ident));
  if (found === null) throw noTemplate(ident);
  return found;
};

/** What rules about a template may ask for. */
export const templateTarget = ({
  projectId,
  template,
  userId,
}: ClusterTemplateRow): PolicyTarget => ({
  project_id: projectId,
  user_id: userId,
  uuid: template.uuid,
  name: template.name,
  coe: template.coe,
  public: template.public,
  hidden: template.hidden,
  image_id: template.imageId,
  flavor_id: template.flavorId,
  master_flavor_id: template.masterFlavorId,
  server_type: template.serverType,
  cluster_distro: template.clusterDistro,
  driver: template.driver,
  labels: template.labels,
  tags: template.tags,
});
