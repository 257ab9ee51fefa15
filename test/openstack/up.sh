#!/bin/bash
# Stand up real OpenStack services from Debian packages on loopback.
#   up.sh [--no-install] [COMPONENT...]
# Components: keystone barbican heat glance placement nova neutron cinder octavia
#             seed (images, flavors, networks, keys)   core (= keystone barbican heat)   all
# Default: core. What a component needs is added by itself. Safe to run again.
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/lib/settings.sh"

[ "$(id -u)" = 0 ] || die "run as root"
DO_INSTALL=1 WANT=()
for a in "$@"; do
  case $a in
    --no-install) DO_INSTALL=0 ;;
    core) WANT+=(keystone barbican heat) ;;
    all)  WANT+=(keystone barbican glance placement neutron cinder nova octavia heat seed) ;;
    keystone|barbican|heat|glance|placement|nova|neutron|cinder|octavia|seed) WANT+=("$a") ;;
    *) die "unknown component $a" ;;
  esac
done
[ ${#WANT[@]} -gt 0 ] || WANT=(keystone barbican heat)

# --- which components, in start order -------------------------------------------------
declare -A ON=()
add() {
  [ -n "${ON[$1]:-}" ] && return 0
  ON[$1]=1
  case $1 in
    keystone) add mysql; add memcached ;;
    barbican|glance|placement) add keystone ;;
    heat|cinder|neutron) add keystone; add rabbit ;;
    nova) add keystone; add rabbit; add placement; add glance; add neutron ;;
    octavia) add keystone; add rabbit; add neutron ;;
    seed) add nova; add cinder ;;
  esac
}
for c in "${WANT[@]}"; do add "$c"; done

declare -A PKGS=(
  [mysql]="mariadb-server curl"
  [memcached]="memcached python3-memcache"
  [rabbit]="rabbitmq-server"
  [keystone]="keystone uwsgi-core uwsgi-plugin-python3 python3-openstackclient"
  [barbican]="barbican-api uwsgi-core uwsgi-plugin-python3 python3-barbicanclient"
  [heat]="heat-api heat-api-cfn heat-engine python3-heatclient"
  [glance]="glance-api python3-glanceclient"
  [placement]="placement-api uwsgi-core uwsgi-plugin-python3"
  [nova]="nova-api nova-conductor nova-scheduler nova-compute nova-compute-kvm python3-novaclient"
  [neutron]="neutron-server neutron-plugin-ml2 python3-neutronclient"
  [cinder]="cinder-api cinder-scheduler cinder-volume python3-cinderclient"
  [octavia]="octavia-api python3-octaviaclient"
)

do_install() {
  local c all=()
  # never let a package start its own daemon: up.sh starts them
  if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; fi
  for c in "${!ON[@]}"; do all+=(${PKGS[$c]:-}); done
  install_packages "${all[@]}"
}

# identity.py wrapper
ident_env() { CLOUD_PASSWORD=$CLOUD_PASSWORD CLOUD_KEYSTONE=$KEYSTONE "$@"; }
ident() { ident_env /usr/bin/python3 "$CLOUD_HOME/lib/identity.py" "$@"; }

common_default() { # DEFAULT-section lines most services share
  cat <<EOT
log_dir =
log_file =
use_syslog = false
debug = ${CLOUD_DEBUG:-false}
transport_url = $(messaging)
EOT
}
quiet_notifications() { printf '[oslo_messaging_notifications]\ndriver = noop\n'; }

# --- infrastructure ---------------------------------------------------------------------
up_mysql() {
  local dir=$DATA/mysql
  if [ ! -d "$dir/mysql" ]; then
    install -d -o mysql -g mysql "$dir" 2>/dev/null || { mkdir -p "$dir"; chown mysql:mysql "$dir"; }
    mariadb-install-db --no-defaults --user=mysql --datadir="$dir" --skip-test-db \
      --auth-root-authentication-method=socket --auth-root-socket-user=root >>"$LOG/mysql.log" 2>&1
  fi
  chown mysql "$RUN"
  free_port mysql $P_MYSQL
  # durability is switched off on purpose: this is a throw-away cloud
  start mysql mariadbd --no-defaults --user=mysql --datadir="$dir" --socket="$RUN/mysql.sock" \
    --pid-file="$dir/mysqld.pid" --bind-address=$CLOUD_IP --port="$P_MYSQL" \
    --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --sync-frm=0 \
    --innodb-buffer-pool-size=256M --max-connections=500 --performance-schema=0
  local n=150; until sql "select 1" >/dev/null 2>&1; do alive mysql || { tail "$LOG/mysql.log" >&2; return 1; }; sleep 0.2; n=$((n-1)); [ $n -gt 0 ] || { tail "$LOG/mysql.log" >&2; return 1; }; done
}

up_rabbit() {
  free_port rabbit $P_RABBIT
  if ! alive rabbit; then
    mkdir -p "$DATA/rabbit" "$LOG/rabbit"; chown -R rabbitmq:rabbitmq "$DATA/rabbit" "$LOG/rabbit"
    cat >"$DATA/rabbit/rabbitmq.conf" <<EOT
listeners.tcp.1 = $CLOUD_IP:$P_RABBIT
loopback_users = none
default_user = cloud
default_pass = $CLOUD_PASSWORD
default_user_tags.administrator = true
EOT
    cat >"$DATA/rabbit/env" <<EOT
HOME=$DATA/rabbit
RABBITMQ_NODENAME=cloud$CLOUD_PORT_OFFSET@localhost
RABBITMQ_CONF_ENV_FILE=/dev/null
RABBITMQ_CONFIG_FILE=$DATA/rabbit/rabbitmq.conf
RABBITMQ_MNESIA_BASE=$DATA/rabbit/mnesia
RABBITMQ_LOG_BASE=$LOG/rabbit
RABBITMQ_ENABLED_PLUGINS_FILE=$DATA/rabbit/enabled_plugins
RABBITMQ_PID_FILE=$DATA/rabbit/pid
RABBITMQ_DIST_PORT=$P_RABBIT_DIST
ERL_EPMD_ADDRESS=$CLOUD_IP
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none
EOT
    start rabbit setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups \
      bash -c 'set -a; while IFS="=" read -r k v; do export "$k=$v"; done <"$1"; cd "$HOME"; exec /usr/lib/rabbitmq/bin/rabbitmq-server' _ "$DATA/rabbit/env"
  fi
  wait_port "$P_RABBIT" 60 || { tail "$LOG/rabbit.log" >&2; return 1; }
}

up_memcached() {
  free_port memcached $P_MEMCACHED
  start memcached memcached -u memcache -l $CLOUD_IP -p $P_MEMCACHED -m 64
  wait_port $P_MEMCACHED 10
}

# --- Keystone -----------------------------------------------------------------------------
up_keystone() {
  RESTART="keystone" overlay keystone <<EOT
[DEFAULT]
$(common_default)
[database]
connection = $(dburl keystone)
[cache]
# without a cache each Keystone request costs some 460 SQL queries, 0.5 s of CPU
enabled = true
backend = dogpile.cache.memcached
memcache_servers = $CLOUD_IP:$P_MEMCACHED
[identity]
password_hash_rounds = 4
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = $DATA/keystone/fernet-keys
[fernet_receipts]
key_repository = $DATA/keystone/fernet-keys
[credential]
key_repository = $DATA/keystone/credential-keys
$(quiet_notifications)
EOT
  if ! done_once keystone; then
    mkdir -p "$DATA/keystone"; mkdb keystone
    { keystone-manage db_sync
      keystone-manage fernet_setup --keystone-user root --keystone-group root
      keystone-manage credential_setup --keystone-user root --keystone-group root
      keystone-manage bootstrap --bootstrap-password "$CLOUD_PASSWORD" --bootstrap-region-id $CLOUD_REGION \
        --bootstrap-public-url $KEYSTONE/v3 --bootstrap-internal-url $KEYSTONE/v3 \
        --bootstrap-admin-url $KEYSTONE/v3
    } >>"$LOG/keystone-setup.log" 2>&1 || { tail "$LOG/keystone-setup.log" >&2; return 1; }
  fi
  start_wsgi keystone $P_KEYSTONE /usr/bin/keystone-wsgi-public
  wait_http keystone $KEYSTONE/v3
  if ! done_once keystone; then
    ident base
    # the service under test: its account, and the endpoint where an embedded one listens
    ident service jeroboam container-infra "$CLOUD_JEROBOAM_URL" jeroboam
    mark keystone
  fi
}

# --- Barbican -----------------------------------------------------------------------------
up_barbican() {
  RESTART="barbican" overlay barbican <<EOT
[DEFAULT]
$(common_default)
sql_connection = $(dburl barbican)
db_auto_create = false
host_href = http://$CLOUD_IP:$P_BARBICAN
[queue]
enable = false
[keystone_notifications]
enable = false
[secretstore]
enabled_secretstore_plugins = store_crypto
[crypto]
enabled_crypto_plugins = simple_crypto
[simple_crypto_plugin]
kek = $(printf '%s' "dev-only-kek-of-exactly-32-bytes" | base64)
$(authtoken barbican)
EOT
  if ! done_once barbican; then
    mkdb barbican
    barbican-manage db upgrade >>"$LOG/barbican-setup.log" 2>&1 || { tail "$LOG/barbican-setup.log" >&2; return 1; }
    ident service barbican key-manager http://$CLOUD_IP:$P_BARBICAN barbican; mark barbican
  fi
  start_wsgi barbican $P_BARBICAN /usr/bin/barbican-wsgi-api
  wait_http barbican http://$CLOUD_IP:$P_BARBICAN/
}

# --- Heat -----------------------------------------------------------------------------------
heat_plugin_dirs() {
  local dirs=/usr/lib/heat stubs=$CLOUD_HEAT_STUBS
  if [ "$stubs" = auto ]; then
    stubs=on; { done_once nova || [ -n "${ON[nova]:-}" ]; } && stubs=off
  fi
  [ "$stubs" = on ] && dirs+=,$CLOUD_HOME/lib/heat-stubs
  [ "$CLOUD_HEAT_SIGNALS" = on ] && dirs+=,$CLOUD_HOME/lib/heat-signals
  echo "$dirs"
}
up_heat() {
  RESTART="heat-engine heat-api heat-api-cfn" overlay heat <<EOT
[DEFAULT]
$(common_default)
auth_encryption_key = dev-only-key-of-exactly-32-bytes
heat_metadata_server_url = http://$CLOUD_IP:$P_HEAT_CFN
heat_waitcondition_server_url = http://$CLOUD_IP:$P_HEAT_CFN/v1/waitcondition
stack_user_domain_name = heat
stack_domain_admin = heat_domain_admin
stack_domain_admin_password = $CLOUD_PASSWORD
region_name_for_services = $CLOUD_REGION
deferred_auth_method = trusts
trusts_delegated_roles =
num_engine_workers = 1
plugin_dirs = $(heat_plugin_dirs)
max_nested_stack_depth = 10
max_resources_per_stack = -1
max_stacks_per_tenant = -1
[heat_api]
bind_host = $CLOUD_IP
bind_port = $P_HEAT
workers = 1
[heat_api_cfn]
bind_host = $CLOUD_IP
bind_port = $P_HEAT_CFN
workers = 1
[database]
connection = $(dburl heat)
max_pool_size = 20
[clients]
endpoint_type = publicURL
[clients_keystone]
auth_uri = $KEYSTONE
[ec2authtoken]
auth_uri = $KEYSTONE/v3
[trustee]
auth_type = password
auth_url = $KEYSTONE
username = heat
password = $CLOUD_PASSWORD
user_domain_name = Default
$(quiet_notifications)
$(authtoken heat)
EOT
  if ! done_once heat; then
    mkdb heat
    heat-manage db_sync >>"$LOG/heat-setup.log" 2>&1 || { tail "$LOG/heat-setup.log" >&2; return 1; }
    ident service heat orchestration "http://127.0.0.1:$P_HEAT/v1/%(tenant_id)s" heat
    ident service heat-cfn cloudformation http://127.0.0.1:$P_HEAT_CFN/v1 heat; mark heat
  fi
  free_port heat-api $P_HEAT; free_port heat-api-cfn $P_HEAT_CFN
  start heat-engine heat-engine
  start heat-api heat-api
  start heat-api-cfn heat-api-cfn
  wait_http heat-api http://$CLOUD_IP:$P_HEAT/
  wait_http heat-api-cfn http://$CLOUD_IP:$P_HEAT_CFN/
}

# later components live in their own file
[ -e "$CLOUD_HOME/lib/services.sh" ] && . "$CLOUD_HOME/lib/services.sh"
up_seed() { done_once seed || { ident_env /usr/bin/python3 "$CLOUD_HOME/lib/seed.py" && mark seed; }; }

T0=$(date +%s)
echo "# $(date -u +%FT%TZ) ${!ON[*]}" >>"$TIMINGS"
[ $DO_INSTALL = 0 ] || timed install do_install
for c in mysql memcached rabbit keystone barbican placement glance neutron cinder nova octavia heat seed; do
  [ -n "${ON[$c]:-}" ] && timed "up $c" "up_$c"
done
say "cloud up in $(( $(date +%s) - T0 )) s. Use: . $CLOUD_HOME/openrc"
