#!/bin/bash
# A master: certificates, then etcd and the control plane as static pods of its kubelet.
set -euo pipefail
cd "$PKI"
cert=/opt/jeroboam/make-cert.sh
etc=/etc/kubernetes

# The first address of a range, which the API itself takes as a service.
first_address() {
  local IFS=./ a b c d
  read -r a b c d _ <<<"$1"
  echo "$a.$b.$c.$((d + 1))"
}

sans_of() { # ADDRESS...
  local sans=DNS:localhost,IP:127.0.0.1 address
  for address in "$@"; do sans+=,IP:$address; done
  echo "$sans"
}

certificates() {
  local me="DNS:$NODE_NAME,IP:$NODE_IP" service api
  service="DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.$DNS_CLUSTER_DOMAIN"
  api=$(sans_of "$(first_address "$PORTAL_NETWORK_CIDR")" "$KUBE_API_PRIVATE" "$KUBE_API_PUBLIC" ${MASTER_IPS//,/ } ${MASTER_PUBLIC_IPS//,/ })
  "$cert" ca kubernetes ca.crt
  "$cert" ca etcd etcd-ca.crt
  "$cert" ca front-proxy front-proxy-ca.crt
  "$cert" cert kubernetes apiserver /CN=kube-apiserver "$service,$api"
  "$cert" cert kubernetes kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "$me"
  "$cert" cert kubernetes admin /O=system:masters/CN=admin
  "$cert" cert kubernetes controller-manager /CN=system:kube-controller-manager
  "$cert" cert kubernetes scheduler /CN=system:kube-scheduler
  "$cert" cert kubernetes apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
  "$cert" cert etcd etcd "/CN=$NODE_NAME" "$me,$(sans_of)"
  "$cert" cert etcd apiserver-etcd-client /CN=kube-apiserver
  "$cert" cert front-proxy front-proxy-client /CN=front-proxy-client
  printf '%s\n' "$SERVICE_ACCOUNT_KEY" >sa.pub
  printf '%s\n' "$SERVICE_ACCOUNT_PRIVATE_KEY" >sa.key
  # With the authority's own key the cluster signs for itself (label cert_manager_api).
  if [ -n "$CA_KEY" ]; then printf '%s\n' "$CA_KEY" >ca.key; fi
}

kubeconfigs() {
  local local_api=https://127.0.0.1:6443 name
  for name in admin controller-manager scheduler kubelet; do
    /opt/jeroboam/kubeconfig.sh "$local_api" "$name" >"$etc/$name.conf"
  done
  mkdir -p /root/.kube
  cp "$etc/admin.conf" /root/.kube/config
}

wait_for_api() {
  local left=180
  until /opt/jeroboam/bin/kubectl --kubeconfig "$etc/admin.conf" get --raw /readyz >/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "the API does not become ready" >&2; return 1; }
    sleep 10
  done
}

certificates
kubeconfigs
/opt/jeroboam/manifests.sh
/opt/jeroboam/kubelet.sh
wait_for_api
if [ "$MASTER_INDEX" = 0 ]; then /opt/jeroboam/addons.sh; fi
