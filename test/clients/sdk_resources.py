"""The service's resources, declared for the machinery of openstacksdk.

Debian's openstacksdk 0.101 knows the service by its cloud layer only: what its connection has for it is
an adapter without a call of its own. Here are the calls, paths and attributes of the proxy that later
SDKs have, so that requests, JSON patches, pages, searches, errors and waiting are the work of Debian's
`openstack.proxy` and `openstack.resource`. Of the later proxy itself they say nothing.

They depart from it where it is at fault: there a cluster's `status_reason` reads a member that no server
sends, and `resize` and `upgrade`, methods of a cluster and not of the proxy, end in a TypeError once the
server has answered.
"""

from openstack import exceptions, proxy, resource, service_description, utils
from openstack.resource import Body


class Changeable(resource.Resource):
    """What can be made, changed by JSON patch and deleted."""

    allow_create = allow_fetch = allow_commit = allow_delete = allow_list = allow_patch = True
    commit_method = "PATCH"
    commit_jsonpatch = True

    created_at = Body("created_at")
    updated_at = Body("updated_at")
    fixed_network = Body("fixed_network")
    fixed_subnet = Body("fixed_subnet")
    flavor_id = Body("flavor_id")
    is_floating_ip_enabled = Body("floating_ip_enabled", type=bool)
    is_master_lb_enabled = Body("master_lb_enabled", type=bool)
    labels = Body("labels", type=dict)
    master_flavor_id = Body("master_flavor_id")


class Cluster(Changeable):
    resources_key = "clusters"
    base_path = "/clusters"

    # The machinery looks for the alternate id in the class itself, not in what it inherits.
    uuid = Body("uuid", alternate_id=True)
    api_address = Body("api_address")
    cluster_template_id = Body("cluster_template_id")
    coe_version = Body("coe_version")
    create_timeout = Body("create_timeout", type=int)
    discovery_url = Body("discovery_url")
    keypair = Body("keypair")
    master_addresses = Body("master_addresses", type=list)
    master_count = Body("master_count", type=int)
    node_addresses = Body("node_addresses", type=list)
    node_count = Body("node_count", type=int)
    stack_id = Body("stack_id")
    status = Body("status")
    status_reason = Body("status_reason")

    def act(self, session, action, **body):
        """Uuid of the cluster, as the server answers. Unset members go as nulls, and Accept is empty."""
        url = utils.urljoin(self.base_path, self.id, "actions", action)
        response = session.post(url, json=body, headers={"Accept": ""})
        exceptions.raise_from_response(response)
        return response.json()["uuid"]


class ClusterTemplate(Changeable):
    resources_key = "clustertemplates"
    base_path = "/clustertemplates"

    uuid = Body("uuid", alternate_id=True)
    apiserver_port = Body("apiserver_port", type=int)
    cluster_distro = Body("cluster_distro")
    coe = Body("coe")
    dns_nameserver = Body("dns_nameserver")
    docker_storage_driver = Body("docker_storage_driver")
    docker_volume_size = Body("docker_volume_size", type=int)
    external_network_id = Body("external_network_id")
    http_proxy = Body("http_proxy")
    https_proxy = Body("https_proxy")
    no_proxy = Body("no_proxy")
    image_id = Body("image_id")
    insecure_registry = Body("insecure_registry")
    is_hidden = Body("hidden", type=bool)
    is_public = Body("public", type=bool)
    is_registry_enabled = Body("registry_enabled", type=bool)
    is_tls_disabled = Body("tls_disabled", type=bool)
    keypair_id = Body("keypair_id")
    network_driver = Body("network_driver")
    server_type = Body("server_type")
    volume_driver = Body("volume_driver")


class ClusterCertificate(resource.Resource):
    base_path = "/certificates"
    allow_create = allow_fetch = True

    cluster_uuid = Body("cluster_uuid", alternate_id=True)
    bay_uuid = Body("bay_uuid")
    csr = Body("csr")
    pem = Body("pem")


class Service(resource.Resource):
    resources_key = "mservices"
    base_path = "/mservices"
    allow_list = True

    binary = Body("binary")
    created_at = Body("created_at")
    disabled_reason = Body("disabled_reason")
    host = Body("host")
    report_count = Body("report_count")
    state = Body("state")
    updated_at = Body("updated_at")


class Proxy(proxy.Proxy):
    def create_cluster(self, **attrs):
        return self._create(Cluster, **attrs)

    def find_cluster(self, name_or_id, ignore_missing=True):
        return self._find(Cluster, name_or_id, ignore_missing=ignore_missing)

    def get_cluster(self, cluster):
        return self._get(Cluster, cluster)

    def clusters(self, **query):
        return self._list(Cluster, **query)

    def update_cluster(self, cluster, **attrs):
        return self._update(Cluster, cluster, **attrs)

    def resize_cluster(self, cluster, node_count, nodes_to_remove=None):
        body = {"node_count": node_count, "nodes_to_remove": nodes_to_remove}
        return self._get_resource(Cluster, cluster).act(self, "resize", **body)

    def upgrade_cluster(self, cluster, cluster_template, max_batch_size=None):
        body = {"cluster_template": cluster_template, "max_batch_size": max_batch_size}
        return self._get_resource(Cluster, cluster).act(self, "upgrade", **body)

    def delete_cluster(self, cluster, ignore_missing=True):
        self._delete(Cluster, cluster, ignore_missing=ignore_missing)

    def create_cluster_template(self, **attrs):
        return self._create(ClusterTemplate, **attrs)

    def find_cluster_template(self, name_or_id, ignore_missing=True):
        return self._find(ClusterTemplate, name_or_id, ignore_missing=ignore_missing)

    def get_cluster_template(self, cluster_template):
        return self._get(ClusterTemplate, cluster_template)

    def cluster_templates(self, **query):
        return self._list(ClusterTemplate, **query)

    def update_cluster_template(self, cluster_template, **attrs):
        return self._update(ClusterTemplate, cluster_template, **attrs)

    def delete_cluster_template(self, cluster_template, ignore_missing=True):
        self._delete(ClusterTemplate, cluster_template, ignore_missing=ignore_missing)

    def create_cluster_certificate(self, **attrs):
        return self._create(ClusterCertificate, **attrs)

    def get_cluster_certificate(self, cluster_certificate):
        return self._get(ClusterCertificate, cluster_certificate)

    def services(self):
        return self._list(Service)

    def wait_for_status(self, res, status, failures=None, interval=2, wait=None):
        return resource.wait_for_status(self, res, status, failures, interval, wait)

    def wait_for_delete(self, res, interval=2, wait=120):
        return resource.wait_for_delete(self, res, interval, wait)


SERVICE = service_description.ServiceDescription(
    "container-infrastructure-management", supported_versions={"1": Proxy}
)
