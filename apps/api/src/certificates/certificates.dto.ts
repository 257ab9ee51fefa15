import type { AuthorityKind } from '@jeroboam/domain/authority/events';
import type { RequestContext } from '../http/auth/request-context.js';
import { NestedList, Text } from '../http/body/fields.js';
import { represent } from '../http/body/represent.js';
import { LinkDto } from '../reads/link.dto.js';

const kind = {
  description: '`etcd` or `front-proxy`; everything else is the authority of the COE itself.',
};

/** `GET /certificates/{cluster}` */
export class CertificateQuery {
  @Text(kind)
  ca_cert_type?: string;
}

/** A certificate, asked for by a CSR. */
export class CertificateDto {
  @Text({ required: true, min: 1, description: 'Uuid or name of the cluster.' })
  cluster_uuid!: string;

  @NestedList(() => LinkDto)
  links?: object[];

  @Text({ required: true, min: 1, description: 'PKCS#10, PEM.' })
  csr!: string;

  @Text({ readOnly: true, description: 'The certificate, PEM.' })
  pem?: string;

  @Text(kind)
  ca_cert_type?: string | null;
}

export const authorityOf = (type: string | null | undefined): AuthorityKind => {
  if (type === 'etcd') return 'etcd';
  return type === 'front-proxy' || type === 'front_proxy' ? 'front-proxy' : 'kubernetes';
};

type Members = Partial<Pick<CertificateDto, 'csr' | 'ca_cert_type'>>;

/** A certificate as clients see it. `asked` is what they sent, and get back. */
export const toResponse = (
  certificate: { readonly clusterId: string; readonly pem: string },
  asked: Members,
  { links, microversion }: RequestContext,
): Record<string, unknown> =>
  represent<object>(
    CertificateDto,
    {
      cluster_uuid: certificate.clusterId,
      links: links.of('certificates', certificate.clusterId),
      pem: certificate.pem,
      ...asked,
    },
    microversion,
  );
