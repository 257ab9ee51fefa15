# Glance, Placement, Nova (fake virt driver), Neutron (no agents), Cinder (fake driver),
# Octavia (stub provider). Sourced by up.sh.
PLUGINS="env PYTHONPATH=$CLOUD_HOME/lib/plugins"

setup_log() { "$@" >>"$LOG/$SVC-setup.log" 2>&1 || { tail -15 "$LOG/$SVC-setup.log" >&2; return 1; }; }

up_glance() {
  local SVC=glance
  RESTART=glance-api overlay glance <<EOT
[DEFAULT]
$(common_default)
bind_host = $CLOUD_IP
bind_port = $P_GLANCE
workers = 1
enabled_import_methods = []
[database]
connection = $(dburl glance)
[glance_store]
stores = file,http
default_store = file
filesystem_store_datadir = $DATA/glance/images
[paste_deploy]
flavor = keystone
$(quiet_notifications)
$(authtoken glance)
EOT
  if ! done_once glance; then
    mkdir -p "$DATA/glance/images"; mkdb glance
    setup_log glance-manage db_sync
    ident service glance image "http://$CLOUD_IP:$P_GLANCE" glance; mark glance
  fi
  free_port glance-api $P_GLANCE
  start glance-api glance-api
  wait_http glance-api "http://$CLOUD_IP:$P_GLANCE/"
}

up_placement() {
  local SVC=placement
  RESTART=placement overlay placement <<EOT
[DEFAULT]
log_dir =
log_file =
[api]
auth_strategy = keystone
[placement_database]
connection = $(dburl placement)
$(authtoken placement)
EOT
  if ! done_once placement; then
    mkdb placement; setup_log placement-manage db sync
    ident service placement placement "http://$CLOUD_IP:$P_PLACEMENT" placement; mark placement
  fi
  start_wsgi placement $P_PLACEMENT /usr/bin/placement-api
  wait_http placement "http://$CLOUD_IP:$P_PLACEMENT/"
}

up_neutron() {
  local SVC=neutron args=(--config-file /etc/neutron/neutron.conf --config-file /etc/neutron/plugins/ml2/ml2_conf.ini
    --config-dir "$HOME/.neutron/neutron.conf.d")
  RESTART=neutron-server overlay neutron <<EOT
[DEFAULT]
$(common_default)
bind_host = $CLOUD_IP
bind_port = $P_NEUTRON
core_plugin = ml2
service_plugins = router
api_workers = 1
rpc_workers = 0
rpc_state_report_workers = 0
dhcp_agent_notification = false
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
state_path = $DATA/neutron
[database]
connection = $(dburl neutron)
[ml2]
type_drivers = flat,vxlan
tenant_network_types = vxlan
mechanism_drivers = stub
extension_drivers = port_security
[ml2_type_flat]
flat_networks = public
[ml2_type_vxlan]
vni_ranges = 1:1000
[quotas]
quota_network = -1
quota_subnet = -1
quota_port = -1
quota_router = -1
quota_floatingip = -1
quota_security_group = -1
quota_security_group_rule = -1
[oslo_concurrency]
lock_path = $DATA/neutron/lock
[nova]
$(auth_body nova)
$(quiet_notifications)
$(authtoken neutron)
EOT
  mkdir -p "$DATA/neutron/lock"
  if ! done_once neutron; then
    mkdb neutron; setup_log $PLUGINS neutron-db-manage "${args[@]}" upgrade heads
    ident service neutron network "http://$CLOUD_IP:$P_NEUTRON" neutron; mark neutron
  fi
  free_port neutron-server $P_NEUTRON
  start neutron-server $PLUGINS neutron-server "${args[@]}"
  wait_http neutron-server "http://$CLOUD_IP:$P_NEUTRON/"
}

up_cinder() {
  local SVC=cinder
  RESTART="cinder-api cinder-scheduler cinder-volume" overlay cinder <<EOT
[DEFAULT]
$(common_default)
my_ip = $CLOUD_IP
osapi_volume_listen = $CLOUD_IP
osapi_volume_listen_port = $P_CINDER
osapi_volume_workers = 1
enabled_backends = stub
default_volume_type = stub
state_path = $DATA/cinder
glance_api_servers = http://$CLOUD_IP:$P_GLANCE
quota_volumes = -1
quota_gigabytes = -1
[stub]
volume_driver = cloudstubs.cinder_driver.StubVolumeDriver
volume_backend_name = stub
[database]
connection = $(dburl cinder)
[oslo_concurrency]
lock_path = $DATA/cinder/lock
$(quiet_notifications)
$(authtoken cinder)
service_token_roles = service
EOT
  mkdir -p "$DATA/cinder/lock"
  if ! done_once cinder; then
    mkdb cinder; setup_log cinder-manage db sync
    ident service cinderv3 volumev3 "http://$CLOUD_IP:$P_CINDER/v3/%(tenant_id)s" cinder; mark cinder
  fi
  free_port cinder-api $P_CINDER
  start cinder-api cinder-api
  start cinder-scheduler cinder-scheduler
  start cinder-volume $PLUGINS cinder-volume
  wait_http cinder-api "http://$CLOUD_IP:$P_CINDER/"
}

up_nova() {
  local SVC=nova
  RESTART="nova-api nova-conductor nova-scheduler nova-compute" overlay nova <<EOT
[DEFAULT]
$(common_default)
my_ip = $CLOUD_IP
enabled_apis = osapi_compute
osapi_compute_listen = $CLOUD_IP
osapi_compute_listen_port = $P_NOVA
osapi_compute_workers = 1
compute_driver = fake.FakeDriver
host = cloudhost
state_path = $DATA/nova
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
[conductor]
workers = 1
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 60
[filter_scheduler]
enabled_filters = ComputeFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter
track_instance_changes = false
[quota]
driver = nova.quota.NoopQuotaDriver
[api_database]
connection = $(dburl nova_api nova)
[database]
connection = $(dburl nova)
[vnc]
enabled = false
[oslo_concurrency]
lock_path = $DATA/nova/lock
[placement]
$(auth_body nova)
[neutron]
$(auth_body nova)
service_metadata_proxy = false
[glance]
region_name = $CLOUD_REGION
[cinder]
os_region_name = $CLOUD_REGION
[keystone]
$(auth_body nova)
[service_user]
send_service_user_token = true
$(auth_body nova)
$(quiet_notifications)
$(authtoken nova)
EOT
  mkdir -p "$DATA/nova/lock"
  if ! done_once nova; then
    mkdb nova_api nova; mkdb nova_cell0 nova; mkdb nova
    setup_log nova-manage api_db sync
    setup_log nova-manage cell_v2 map_cell0 --database_connection "$(dburl nova_cell0 nova)"
    nova-manage cell_v2 list_cells 2>/dev/null | grep -q ' cell1 ' || setup_log nova-manage cell_v2 create_cell --name cell1
    setup_log nova-manage db sync
    ident service nova compute "http://$CLOUD_IP:$P_NOVA/v2.1" nova
  fi
  free_port nova-api $P_NOVA
  start nova-conductor nova-conductor
  start nova-scheduler nova-scheduler
  start nova-api nova-api
  start nova-compute nova-compute
  wait_http nova-api "http://$CLOUD_IP:$P_NOVA/"
  if ! done_once nova; then
    local n=60
    until [ "$(sql "select count(*) from nova.compute_nodes")" -gt 0 ]; do
      alive nova-compute || { tail "$LOG/nova-compute.log" >&2; return 1; }
      sleep 1; n=$((n-1)); [ $n -gt 0 ] || { tail "$LOG/nova-compute.log" >&2; return 1; }
    done
    setup_log nova-manage cell_v2 discover_hosts
    mark nova
  fi
}

up_octavia() {
  local SVC=octavia
  RESTART=octavia-api overlay octavia <<EOT
[DEFAULT]
$(common_default)
octavia_plugins = hot_plug_plugin
[api_settings]
bind_host = $CLOUD_IP
bind_port = $P_OCTAVIA
enabled_provider_drivers = amphora: The stub provider under the usual name
default_provider_driver = amphora
[controller_worker]
compute_driver = compute_noop_driver
amphora_driver = amphora_noop_driver
network_driver = allowed_address_pairs_driver
image_driver = image_noop_driver
volume_driver = volume_noop_driver
[health_manager]
heartbeat_key = dev
[certificates]
cert_manager = local_cert_manager
[oslo_messaging]
topic = octavia_prov
[database]
connection = $(dburl octavia)
[service_auth]
$(auth_body octavia)
[neutron]
region_name = $CLOUD_REGION
$(quiet_notifications)
$(authtoken octavia)
EOT
  if ! done_once octavia; then
    mkdb octavia; setup_log octavia-db-manage upgrade head
    ident service octavia load-balancer "http://$CLOUD_IP:$P_OCTAVIA" octavia; mark octavia
  fi
  start_wsgi octavia-api $P_OCTAVIA "$CLOUD_HOME/lib/octavia_wsgi.py" --pythonpath "$CLOUD_HOME/lib/plugins"
  wait_http octavia-api "http://$CLOUD_IP:$P_OCTAVIA/"
}
