#!/bin/bash
# The control plane as static pods: the kubelet starts them and keeps them running.
set -euo pipefail
dir=${MANIFESTS:-/etc/kubernetes/manifests}
prefix=$CONTAINER_INFRA_PREFIX

# static_pod NAME IMAGE MOUNTS PROBE COMMAND...: MOUNTS are directories, PROBE is port/path or port:scheme/path
static_pod() {
  local name=$1 image=$2 mounts=$3 port=$4 path=$5 mount argument n=0
  shift 5
  {
    printf 'apiVersion: v1\nkind: Pod\nmetadata: { name: %s, namespace: kube-system, labels: { tier: control-plane, component: %s } }\n' "$name" "$name"
    printf 'spec:\n  hostNetwork: true\n  priorityClassName: system-node-critical\n  containers:\n    - name: %s\n      image: %s\n' "$name" "$image"
    printf '      livenessProbe: { initialDelaySeconds: 30, failureThreshold: 8, httpGet: { host: 127.0.0.1, port: %s, path: %s, scheme: %s } }\n' "$port" "$path" "${PROBE_SCHEME:-HTTPS}"
    printf '      command:\n'
    for argument in "$@"; do printf "        - '%s'\n" "${argument//\'/\'\'}"; done
    printf '      volumeMounts:\n'
    for mount in $mounts; do printf '        - { name: v%d, mountPath: %s }\n' $((n++)) "$mount"; done
    n=0
    printf '  volumes:\n'
    for mount in $mounts; do printf '    - { name: v%d, hostPath: { path: %s, type: DirectoryOrCreate } }\n' $((n++)) "$mount"; done
  } >"$dir/$name.yaml"
}

# name=https://ip:2380,...: the members, who all know each other from the start
members() {
  local address list=''
  for address in ${MASTER_IPS//,/ }; do list+=${list:+,}etcd-$address=https://$address:2380; done
  echo "$list"
}

etcd() {
  local discovery=("--initial-cluster=$(members)" "--initial-cluster-token=$CLUSTER_UUID")
  if [ -n "$ETCD_DISCOVERY_URL" ]; then discovery=("--discovery=$ETCD_DISCOVERY_URL"); fi
  PROBE_SCHEME=HTTP static_pod etcd "${prefix:-quay.io/coreos/}etcd:$ETCD_TAG" "/var/lib/etcd $PKI" 2381 /health \
    etcd "--name=etcd-$NODE_IP" --data-dir=/var/lib/etcd/data \
    "--listen-client-urls=https://127.0.0.1:2379,https://$NODE_IP:2379" "--advertise-client-urls=https://$NODE_IP:2379" \
    "--listen-peer-urls=https://$NODE_IP:2380" "--initial-advertise-peer-urls=https://$NODE_IP:2380" \
    "${discovery[@]}" --listen-metrics-urls=http://127.0.0.1:2381 \
    "--cert-file=$PKI/etcd.crt" "--key-file=$PKI/etcd.key" "--trusted-ca-file=$PKI/etcd-ca.crt" --client-cert-auth=true \
    "--peer-cert-file=$PKI/etcd.crt" "--peer-key-file=$PKI/etcd.key" "--peer-trusted-ca-file=$PKI/etcd-ca.crt" --peer-client-cert-auth=true
}

apiserver() {
  static_pod kube-apiserver "$HYPERKUBE" "$PKI" 6443 /livez \
    kube-apiserver "--advertise-address=$NODE_IP" --secure-port=6443 --allow-privileged=true --authorization-mode=Node,RBAC \
    "--enable-admission-plugins=NodeRestriction,$ADMISSION_CONTROL_LIST" "--service-cluster-ip-range=$PORTAL_NETWORK_CIDR" \
    "--client-ca-file=$PKI/ca.crt" "--tls-cert-file=$PKI/apiserver.crt" "--tls-private-key-file=$PKI/apiserver.key" \
    "--kubelet-client-certificate=$PKI/apiserver-kubelet-client.crt" "--kubelet-client-key=$PKI/apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types=InternalIP,Hostname,ExternalIP \
    --etcd-servers=https://127.0.0.1:2379 "--etcd-cafile=$PKI/etcd-ca.crt" \
    "--etcd-certfile=$PKI/apiserver-etcd-client.crt" "--etcd-keyfile=$PKI/apiserver-etcd-client.key" \
    "--service-account-issuer=https://kubernetes.default.svc.$DNS_CLUSTER_DOMAIN" \
    "--service-account-key-file=$PKI/sa.pub" "--service-account-signing-key-file=$PKI/sa.key" \
    "--requestheader-client-ca-file=$PKI/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group --requestheader-username-headers=X-Remote-User \
    "--proxy-client-cert-file=$PKI/front-proxy-client.crt" "--proxy-client-key-file=$PKI/front-proxy-client.key" \
    $KUBEAPI_OPTIONS
}

controller_manager() {
  local signer=()
  if [ -n "$CA_KEY" ]; then signer=("--cluster-signing-cert-file=$PKI/ca.crt" "--cluster-signing-key-file=$PKI/ca.key"); fi
  static_pod kube-controller-manager "$HYPERKUBE" /etc/kubernetes 10257 /healthz \
    kube-controller-manager --kubeconfig=/etc/kubernetes/controller-manager.conf --use-service-account-credentials=true \
    --allocate-node-cidrs=true "--cluster-cidr=$PODS_NETWORK_CIDR" "--node-cidr-mask-size=$FLANNEL_SUBNETLEN" \
    "--service-cluster-ip-range=$PORTAL_NETWORK_CIDR" --leader-elect=true \
    "--root-ca-file=$PKI/ca.crt" "--service-account-private-key-file=$PKI/sa.key" "${signer[@]}" $KUBECONTROLLER_OPTIONS
}

scheduler() {
  static_pod kube-scheduler "$HYPERKUBE" /etc/kubernetes 10259 /healthz \
    kube-scheduler --kubeconfig=/etc/kubernetes/scheduler.conf --leader-elect=true $KUBESCHEDULER_OPTIONS
}

# Where the user switched TLS off, the API answers in the clear on its other port, for anyone, as the administrator.
open_api() {
  [ "${TLS_DISABLED,,}" = true ] || return 0
  PROBE_SCHEME=HTTP static_pod kube-open-api "$HYPERKUBE" /etc/kubernetes "$KUBE_PORT" /healthz \
    kubectl --kubeconfig=/etc/kubernetes/admin.conf proxy --address=0.0.0.0 "--port=$KUBE_PORT" '--accept-hosts=.*' '--reject-paths=^$'
}

etcd
apiserver
controller_manager
scheduler
open_api
