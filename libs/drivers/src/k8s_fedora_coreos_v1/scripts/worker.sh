#!/bin/bash
# A worker: its own certificate, the kubelet, and done when the API knows the node as ready.
set -euo pipefail
cd "$PKI"
cert=/opt/jeroboam/make-cert.sh

"$cert" ca kubernetes ca.crt
"$cert" cert kubernetes kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "DNS:$NODE_NAME,IP:$NODE_IP"
/opt/jeroboam/kubeconfig.sh "https://$KUBE_API_PRIVATE:6443" kubelet >/etc/kubernetes/kubelet.conf
/opt/jeroboam/kubelet.sh

export KUBECONFIG=/etc/kubernetes/kubelet.conf
left=180
until /opt/jeroboam/bin/kubectl wait --for=condition=Ready --timeout=10s "node/$NODE_NAME"; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo "node $NODE_NAME does not become ready" >&2; exit 1; }
  sleep 10
done
