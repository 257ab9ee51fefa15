#!/bin/bash
# Makes this machine a master or a worker. Run again until it succeeds; each step may be repeated.
set -Eeuo pipefail # E: the trap below holds in functions too
umask 077
cd /opt/jeroboam

set -a
eval "$(jq -r '(.cluster + .role + .node) | to_entries[] | "\(.key)=\(.value | tostring | @sh)"' /etc/jeroboam/settings.json)"
NODE_NAME=$(hostname -s)
PKI=/etc/kubernetes/pki
. ./report.sh
write_openstack_ca
export OPENSTACK_CA_FILE
if [ -n "$HTTP_PROXY" ]; then http_proxy=$HTTP_PROXY; fi
if [ -n "$HTTPS_PROXY" ]; then https_proxy=$HTTPS_PROXY; fi
no_proxy=$NO_PROXY,${MASTER_IPS:-},$KUBE_API_PRIVATE,127.0.0.1,localhost
set +a

STEP=start
trap 'failed "step $STEP"' ERR

# mount_volume ID DIRECTORY: a Cinder volume, formatted at its first use
mount_volume() {
  local id=$1 directory=$2 device left=120
  mountpoint -q "$directory" && return 0
  until device=$(ls /dev/disk/by-id/*"${id:0:20}"* 2>/dev/null | head -1) && [ -n "$device" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "volume $id is not attached" >&2; return 1; }
    sleep 5
  done
  blkid "$device" >/dev/null || mkfs.xfs -q "$device"
  mkdir -p "$directory"
  grep -q " $directory " /etc/fstab || echo "$device $directory xfs defaults,nofail 0 0" >>/etc/fstab
  mount "$directory"
  restorecon -R "$directory"
}

selinux() {
  [ "$SELINUX_MODE" != enforcing ] || return 0
  setenforce 0 || true
  sed -i "s/^SELINUX=.*/SELINUX=$SELINUX_MODE/" /etc/selinux/config
}

proxy_dropin() { # UNIT
  [ -n "$HTTP_PROXY$HTTPS_PROXY" ] || return 0
  mkdir -p "/etc/systemd/system/$1.d"
  printf '[Service]\nEnvironment="HTTP_PROXY=%s" "HTTPS_PROXY=%s" "NO_PROXY=%s"\n' \
    "$HTTP_PROXY" "$HTTPS_PROXY" "$no_proxy" >"/etc/systemd/system/$1.d/proxy.conf"
}

container_runtime() {
  if [ "$CONTAINER_RUNTIME" = containerd ]; then
    [ -z "$DOCKER_VOLUME" ] || mount_volume "$DOCKER_VOLUME" /var/lib/containerd
    mkdir -p /etc/containerd
    printf 'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = "/opt/cni/bin"\nconf_dir = "/etc/cni/net.d"\n' >/etc/containerd/config.toml
    proxy_dropin containerd.service
    systemctl daemon-reload
    systemctl enable containerd
    systemctl restart containerd
    return
  fi
  [ -z "$DOCKER_VOLUME" ] || mount_volume "$DOCKER_VOLUME" /var/lib/docker
  mkdir -p /etc/systemd/system/docker.service.d
  # Replaces the distribution's options, which contradict ours.
  cat >/etc/systemd/system/docker.service.d/jeroboam.conf <<CONF
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd --host=fd:// --selinux-enabled --log-driver=json-file --log-opt=max-size=10m --log-opt=max-file=5 --exec-opt native.cgroupdriver=$CGROUP_DRIVER --storage-driver=$DOCKER_STORAGE_DRIVER ${INSECURE_REGISTRY:+--insecure-registry=$INSECURE_REGISTRY}
CONF
  proxy_dropin docker.service
  systemctl daemon-reload
  systemctl enable docker
  systemctl restart docker
}

hyperkube_image() {
  local image=${CONTAINER_INFRA_PREFIX:-$HYPERKUBE_PREFIX}hyperkube
  if [ -n "$KUBE_IMAGE_DIGEST" ]; then echo "$image@$KUBE_IMAGE_DIGEST"; else echo "$image:$KUBE_TAG"; fi
}

# The kubelet runs on the host itself: it mounts things for everyone else.
kube_binaries() {
  [ ! -x bin/kubelet ] || return 0
  local container
  podman pull --quiet "$HYPERKUBE"
  container=$(podman create "$HYPERKUBE")
  mkdir -p bin /opt/cni/bin
  podman cp "$container:/usr/local/bin/kubectl" bin/kubectl
  podman cp "$container:/opt/cni/bin/." /opt/cni/bin || cp /usr/libexec/cni/* /opt/cni/bin/
  podman cp "$container:/usr/local/bin/kubelet" bin/kubelet.new
  podman rm "$container" >/dev/null
  chmod 755 bin/* /opt/cni/bin/*
  chcon -t bin_t bin/kubelet.new bin/kubectl
  mv bin/kubelet.new bin/kubelet
}

kernel_settings() {
  modprobe br_netfilter
  printf 'net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.ip_forward = 1\n' >/etc/sysctl.d/90-kubernetes.conf
  sysctl -q -p /etc/sysctl.d/90-kubernetes.conf
}

HYPERKUBE=$(hyperkube_image)
export HYPERKUBE NODE_NAME PKI
STEP=selinux; selinux
STEP=kernel; kernel_settings
STEP=runtime; container_runtime
STEP=binaries; kube_binaries
mkdir -p "$PKI" /etc/kubernetes/manifests
if [ -n "${MASTER_INDEX:-}" ]; then
  [ -z "$ETCD_VOLUME" ] || { STEP=etcd-volume; mount_volume "$ETCD_VOLUME" /var/lib/etcd; }
  STEP=master; ./master.sh
else
  STEP=worker; ./worker.sh
fi
STEP=report; succeeded
