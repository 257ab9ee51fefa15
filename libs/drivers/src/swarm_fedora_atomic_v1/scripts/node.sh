#!/bin/bash
# Makes this machine a master or a node. Run again until it succeeds; each step may be repeated.
set -Eeuo pipefail # E: the trap below holds in functions too
umask 077
cd /opt/jeroboam

set -a
eval "$(python3 - <<'PYTHON'
import json, shlex
settings = json.load(open('/etc/jeroboam/settings.json'))
for name, value in {**settings['cluster'], **settings['node']}.items():
    print('%s=%s' % (name, shlex.quote(str(value))))
PYTHON
)"
PKI=/etc/docker/pki
. ./report.sh
write_openstack_ca
if [ -n "$HTTP_PROXY" ]; then http_proxy=$HTTP_PROXY; fi
if [ -n "$HTTPS_PROXY" ]; then https_proxy=$HTTPS_PROXY; fi
no_proxy=$NO_PROXY,$MASTER_IPS,$NODE_IP,127.0.0.1,localhost
# etcd://ip:port,ip:port
ETCD_STORE=etcd://${MASTER_IPS//,/:2379,}:2379
set +a

STEP=start
trap 'failed "step $STEP"' ERR

mount_docker_volume() {
  local device left=120
  [ -n "$DOCKER_VOLUME" ] && ! mountpoint -q /var/lib/docker || return 0
  until device=$(ls /dev/disk/by-id/*"${DOCKER_VOLUME:0:20}"* 2>/dev/null | head -1) && [ -n "$device" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "volume $DOCKER_VOLUME is not attached" >&2; return 1; }
    sleep 5
  done
  systemctl stop docker
  blkid "$device" >/dev/null || mkfs.xfs -q -n ftype=1 "$device"
  grep -q ' /var/lib/docker ' /etc/fstab || echo "$device /var/lib/docker xfs defaults,nofail 0 0" >>/etc/fstab
  mount /var/lib/docker
  restorecon -R /var/lib/docker
}

STEP=volume; mount_docker_volume
mkdir -p "$PKI"
STEP=start; ./start.sh
STEP=report; succeeded
