#!/bin/bash
# Configures and starts the kubelet. Its certificate and kubeconfig are there already.
set -euo pipefail
umask 022

runtime_flags() {
  if [ "$CONTAINER_RUNTIME" = containerd ]; then
    echo --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock
  else
    echo --network-plugin=cni --cni-bin-dir=/opt/cni/bin --cni-conf-dir=/etc/cni/net.d
  fi
}

labels="magnum.openstack.org/role=$NODE_ROLE,magnum.openstack.org/nodegroup=$NODEGROUP${NODE_LABELS:+,$NODE_LABELS}"
taints=${NODE_TAINTS:-}
if [ -n "${MASTER_INDEX:-}" ]; then taints=node-role.kubernetes.io/master=:NoSchedule; fi

cat >/etc/kubernetes/kubelet-config.yaml <<CONF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true }
  x509: { clientCAFile: $PKI/ca.crt }
authorization: { mode: Webhook }
cgroupDriver: $CGROUP_DRIVER
clusterDNS: [$DNS_SERVICE_IP]
clusterDomain: $DNS_CLUSTER_DOMAIN
staticPodPath: /etc/kubernetes/manifests
tlsCertFile: $PKI/kubelet.crt
tlsPrivateKeyFile: $PKI/kubelet.key
volumePluginDir: /var/lib/kubelet/volumeplugins
CONF

cat >/etc/systemd/system/kubelet.service <<CONF
[Unit]
Description=Kubernetes node agent
After=docker.service containerd.service network-online.target

[Service]
ExecStart=/opt/jeroboam/bin/kubelet --config=/etc/kubernetes/kubelet-config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf --hostname-override=$NODE_NAME --node-ip=$NODE_IP --node-labels=$labels ${taints:+--register-with-taints=$taints} $(runtime_flags) $KUBELET_OPTIONS
Restart=always
RestartSec=10

[Install]
WantedBy=multi-user.target
CONF
mkdir -p /var/lib/kubelet/volumeplugins /etc/cni/net.d
systemctl daemon-reload
systemctl enable kubelet
systemctl restart kubelet
