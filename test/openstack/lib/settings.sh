# Shared settings and helpers of the test cloud. Sourced by up.sh and down.sh.
# Debian's python must win over pyenv and friends.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
unset PYTHONDONTWRITEBYTECODE PYTHONPATH || true

CLOUD_HOME=${CLOUD_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
CLOUD_STATE=${CLOUD_STATE:-/var/tmp/jeroboam-openstack} # everything written lies here
CLOUD_PASSWORD=${CLOUD_PASSWORD:-sandbox}               # one password everywhere; loopback only
CLOUD_IP=127.0.0.1
CLOUD_REGION=RegionOne
CLOUD_JEROBOAM_URL=${CLOUD_JEROBOAM_URL:-http://127.0.0.1:9511/v1}  # what the catalog says of container-infra
CLOUD_HEAT_STUBS=${CLOUD_HEAT_STUBS:-auto}         # auto | on | off: Nova/Neutron/... resources made up inside Heat;
                                               # auto = only in a cloud where nova is not set up
CLOUD_HEAT_SIGNALS=${CLOUD_HEAT_SIGNALS:-on}       # on | off: wait conditions and deployments succeed by themselves

# All ports are the usual ones plus an offset (0 by default), remembered across calls, so that a
# second cloud, or anything else already sitting on the usual ports, can live on the same machine.
mkdir -p "$CLOUD_STATE"
CLOUD_PORT_OFFSET=${CLOUD_PORT_OFFSET:-$(cat "$CLOUD_STATE/port-offset" 2>/dev/null || echo 0)}
echo "$CLOUD_PORT_OFFSET" >"$CLOUD_STATE/port-offset"
off() { echo $(($1 + CLOUD_PORT_OFFSET)); }
P_MYSQL=$(off 3306) P_RABBIT=$(off 5672) P_RABBIT_DIST=$(off 25672) P_KEYSTONE=$(off 5000)
P_BARBICAN=$(off 9311) P_HEAT=$(off 8004) P_HEAT_CFN=$(off 8000) P_GLANCE=$(off 9292)
P_NOVA=$(off 8774) P_PLACEMENT=$(off 8778) P_NEUTRON=$(off 9696) P_CINDER=$(off 8776) P_OCTAVIA=$(off 9876)
P_MEMCACHED=$(off 11211)
KEYSTONE=http://$CLOUD_IP:$P_KEYSTONE
# Config overlays: oslo.config looks in ~/.SERVICE/SERVICE.conf.d before /etc/SERVICE/SERVICE.conf.d,
# so a HOME of its own lets us overlay each package's /etc/SERVICE/SERVICE.conf without touching /etc.
export HOME=$CLOUD_STATE/home
mkdir -p "$HOME"

RUN=$CLOUD_STATE/run LOG=$CLOUD_STATE/log DATA=$CLOUD_STATE/data
mkdir -p "$RUN" "$LOG" "$DATA"
TIMINGS=$CLOUD_STATE/timings.txt

say()  { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }
die()  { say "FATAL: $*" >&2; exit 1; }
alive() { local p; p=$(cat "$RUN/$1.pid" 2>/dev/null) && [ -n "$p" ] && kill -0 "$p" 2>/dev/null; }

# timed LABEL CMD... : run and note the seconds
timed() {
  local label=$1 t0 t1 rc; shift
  t0=$(date +%s.%N)
  set +e; ( set -e; "$@" ); rc=$?; set -e      # a plain "|| die" would switch errexit off inside
  [ $rc = 0 ] || die "$label failed"
  t1=$(date +%s.%N)
  printf '%-28s %7.1f s\n' "$label" "$(echo "$t1 $t0" | awk '{print $1-$2}')" | tee -a "$TIMINGS"
}

# install_packages PKG... : apt-get only what is missing
install_packages() {
  local p miss=()
  for p in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || miss+=("$p")
  done
  [ ${#miss[@]} -eq 0 ] && return 0
  [ -e "$CLOUD_STATE/apt-updated" ] || { apt-get update -qq >>"$LOG/apt.log" 2>&1 || true; touch "$CLOUD_STATE/apt-updated"; }
  apt-get install -y --no-install-recommends \
    -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Options::=--force-confold \
    -o Dpkg::Use-Pty=0 "${miss[@]}" >>"$LOG/apt.log" 2>&1 || { tail -20 "$LOG/apt.log" >&2; return 1; }
}

# start NAME CMD... : background daemon with pid file and log, unless it already runs
start() {
  local name=$1; shift
  alive "$name" && return 0
  setsid nohup "$@" >>"$LOG/$name.log" 2>&1 </dev/null &
  echo $! >"$RUN/$name.pid"
}

kids() { local p; for p in $(ps -o pid= --ppid "$1"); do kids "$p"; echo "$p"; done; }
# stop NAME : the daemon of that pid file and its children, nothing else
stop() {
  local name=$1 pid all n
  pid=$(cat "$RUN/$name.pid" 2>/dev/null) || return 0
  if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
    all="$(kids "$pid") $pid"
    kill -TERM "$pid" 2>/dev/null || true
    for n in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
    for n in $all; do kill -0 "$n" 2>/dev/null && kill -KILL "$n" 2>/dev/null; done
  fi
  rm -f "$RUN/$name.pid"; return 0
}

# free_port NAME PORT : complain when a stranger already listens there
free_port() {
  alive "$1" && return 0
  local n=30                                     # a daemon just stopped may still hold it
  while (exec 3<>"/dev/tcp/$CLOUD_IP/$2") 2>/dev/null; do
    sleep 0.3; n=$((n - 1)); [ $n -gt 0 ] && continue
    say "port $2 (for $1) is taken; set CLOUD_PORT_OFFSET" >&2; return 1
  done
}

# start_wsgi NAME PORT SCRIPT [extra uwsgi args]
start_wsgi() {
  local name=$1 port=$2 script=$3; shift 3
  free_port "$name" "$port" || return 1
  start "$name" uwsgi --plugin python3 --http-socket "$CLOUD_IP:$port" --wsgi-file "$script" \
    --master --die-on-term --no-orphans --need-app --lazy-apps --enable-threads \
    --processes "${CLOUD_WSGI_PROCS:-2}" --threads "${CLOUD_WSGI_THREADS:-4}" \
    --buffer-size 65535 --post-buffering 65536 --thunder-lock \
    --add-header 'Connection: close' --procname-prefix "$name " "$@"
}

# wait_http NAME URL [seconds] : any HTTP answer below 500 will do
wait_http() {
  local name=$1 url=$2 n=$((${3:-60} * 5)) code
  while [ $n -gt 0 ]; do
    code=$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$url" || true)
    [ "$code" -gt 0 ] && [ "$code" -lt 500 ] && return 0
    [ -e "$RUN/$name.pid" ] && ! alive "$name" && { tail -15 "$LOG/$name.log" >&2; return 1; }
    sleep 0.2; n=$((n - 1))
  done
  tail -15 "$LOG/$name.log" >&2; return 1
}

# wait_log NAME PATTERN [seconds] : for daemons without a port
wait_port() { local n=$((${2:-60} * 5)); until (exec 3<>"/dev/tcp/$CLOUD_IP/$1") 2>/dev/null; do sleep 0.2; n=$((n-1)); [ $n -gt 0 ] || return 1; done; }

sql() { mariadb --no-defaults -S "$RUN/mysql.sock" -uroot -N -B -e "$1"; }
# mkdb NAME [USER] : database and user, idempotent. Success = freshly created.
mkdb() {
  local db=$1 user=${2:-$1}
  sql "CREATE DATABASE IF NOT EXISTS $db CHARACTER SET utf8mb3;
       CREATE USER IF NOT EXISTS '$user'@'localhost' IDENTIFIED BY '$CLOUD_PASSWORD';
       CREATE USER IF NOT EXISTS '$user'@'127.0.0.1' IDENTIFIED BY '$CLOUD_PASSWORD';
       GRANT ALL ON $db.* TO '$user'@'localhost'; GRANT ALL ON $db.* TO '$user'@'127.0.0.1';"
}
dburl() { echo "mysql+pymysql://${2:-$1}:$CLOUD_PASSWORD@$CLOUD_IP:$P_MYSQL/$1?charset=utf8"; }
done_once() { [ -e "$CLOUD_STATE/done.$1" ]; }
mark() { touch "$CLOUD_STATE/done.$1"; }

# overlay SERVICE [NAME]: stdin becomes ~/.SERVICE/NAME.conf.d/90-jeroboam.conf, read after /etc/SERVICE/NAME.conf
# and, if it changed, stops the daemons named in RESTART so that they start afresh
overlay() {
  local f=$HOME/.$1/${2:-$1}.conf.d/90-jeroboam.conf d
  mkdir -p "${f%/*}"; cat >"$f.new"
  if ! cmp -s "$f.new" "$f"; then for d in ${RESTART:-}; do stop "$d"; done; fi
  mv "$f.new" "$f"
}

# authtoken USER : the [keystone_authtoken]-like body used all over
auth_body() {
  cat <<EOT
auth_type = password
auth_url = $KEYSTONE/v3
username = $1
password = $CLOUD_PASSWORD
project_name = service
user_domain_name = Default
project_domain_name = Default
region_name = $CLOUD_REGION
EOT
}
authtoken() {
  echo "[keystone_authtoken]"; auth_body "$1"
  echo "www_authenticate_uri = $KEYSTONE/v3"; echo "service_token_roles_required = false"
  echo "memcached_servers = $CLOUD_IP:$P_MEMCACHED"
}
messaging() { echo "rabbit://cloud:$CLOUD_PASSWORD@$CLOUD_IP:$P_RABBIT/"; }
