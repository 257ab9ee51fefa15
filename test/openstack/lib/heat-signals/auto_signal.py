"""Heat plug-in for a cloud whose servers never boot: nobody inside would signal Heat.

Wait conditions are satisfied at once, and software deployments report success, as if the guest's
agent had answered with exit code 0. All else of both resource types is the real thing.
A deployment or wait condition with 'no_signal' in its name is left waiting.
"""
from heat.engine.resources.aws.cfn import wait_condition as aws_wc
from heat.engine.resources.openstack.heat import software_deployment as sd
from heat.engine.resources.openstack.heat import wait_condition as os_wc


def _muted(res):
    return 'no_signal' in res.name or 'no_signal' in res.stack.name


class _AutoWait(object):
    def check_create_complete(self, data):
        return super(_AutoWait, self).check_create_complete(data) if _muted(self) else True

    def check_update_complete(self, data):
        return super(_AutoWait, self).check_update_complete(data) if _muted(self) else True


class AutoWaitCondition(_AutoWait, os_wc.HeatWaitCondition):
    pass


class AutoAwsWaitCondition(_AutoWait, aws_wc.WaitCondition):
    pass


class AutoDeployment(sd.SoftwareDeployment):
    def _check_complete(self):
        if not _muted(self):
            row = self.rpc_client().show_software_deployment(self.context, self.resource_id)
            if row['status'] == self.IN_PROGRESS:
                self.rpc_client().signal_software_deployment(
                    self.context, self.resource_id,
                    {'deploy_status_code': 0, 'deploy_stdout': 'not run'}, None)
        return super(AutoDeployment, self)._check_complete()


def resource_mapping():
    return {
        'OS::Heat::WaitCondition': AutoWaitCondition,
        'AWS::CloudFormation::WaitCondition': AutoAwsWaitCondition,
        'OS::Heat::SoftwareDeployment': AutoDeployment,
    }
