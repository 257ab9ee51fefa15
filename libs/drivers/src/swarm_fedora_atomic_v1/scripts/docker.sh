#!/bin/bash
# Configures and starts Docker: reachable for the cluster's managers on port 2375, with TLS
# unless it is switched off, and sharing overlay networks through etcd.
set -euo pipefail
umask 022

tls=()
if [ "${TLS_DISABLED,,}" != true ]; then
  tls=(--tlsverify "--tlscacert=$PKI/ca.crt" "--tlscert=$PKI/server.crt" "--tlskey=$PKI/server.key")
fi

network=()
if [ "$NETWORK_DRIVER" = docker ]; then
  network=("--cluster-store=$ETCD_STORE" "--cluster-advertise=$NODE_IP:2375"
    "--cluster-store-opt=kv.cacertfile=$PKI/etcd-ca.crt" "--cluster-store-opt=kv.certfile=$PKI/etcd.crt" "--cluster-store-opt=kv.keyfile=$PKI/etcd.key")
else
  cat >/etc/sysconfig/flanneld <<CONF
FLANNEL_ETCD_ENDPOINTS="https://${MASTER_IPS//,/:2379,https:\/\/}:2379"
FLANNEL_ETCD_PREFIX="/flannel/network"
FLANNEL_OPTIONS="-etcd-cafile=$PKI/etcd-ca.crt -etcd-certfile=$PKI/etcd.crt -etcd-keyfile=$PKI/etcd.key"
CONF
  systemctl enable flanneld
  systemctl restart flanneld
fi

cat >/etc/sysconfig/docker <<CONF
OPTIONS="--selinux-enabled --log-driver=journald -H unix:///var/run/docker.sock -H tcp://0.0.0.0:2375 ${tls[*]} ${network[*]} ${INSECURE_REGISTRY:+--insecure-registry=$INSECURE_REGISTRY}"
DOCKER_CERT_PATH=$PKI
CONF
echo "DOCKER_STORAGE_OPTIONS=\"--storage-driver $DOCKER_STORAGE_DRIVER\"" >/etc/sysconfig/docker-storage
if [ -n "$HTTP_PROXY$HTTPS_PROXY" ]; then
  mkdir -p /etc/systemd/system/docker.service.d
  printf '[Service]\nEnvironment="HTTP_PROXY=%s" "HTTPS_PROXY=%s" "NO_PROXY=%s"\n' \
    "$HTTP_PROXY" "$HTTPS_PROXY" "$no_proxy" >/etc/systemd/system/docker.service.d/proxy.conf
fi
systemctl daemon-reload
systemctl enable docker
systemctl restart docker
