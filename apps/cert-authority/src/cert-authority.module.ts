import { Module, type DynamicModule } from '@nestjs/common';
import { ClusterAuthorities } from './authority/cluster-authorities.js';
import { AuthorityController } from './rpc/authority.controller.js';

@Module({})
export class CertAuthorityModule {
  static of(authorities: ClusterAuthorities): DynamicModule {
    return {
      module: CertAuthorityModule,
      controllers: [AuthorityController],
      providers: [{ provide: ClusterAuthorities, useValue: authorities }],
    };
  }
}
