#!/bin/bash
# What every cluster needs beyond its control plane: kube-proxy, the pods' network, DNS.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl() { "${KUBECTL:-/opt/jeroboam/bin/kubectl}" "$@"; }
prefix=$CONTAINER_INFRA_PREFIX

kube_proxy() {
  local option options=''
  for option in $KUBEPROXY_OPTIONS; do options+=", '$option'"; done
  kubectl apply -f - <<CONF
apiVersion: v1
kind: ServiceAccount
metadata: { name: kube-proxy, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: jeroboam:kube-proxy }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node-proxier' }
subjects: [{ kind: ServiceAccount, name: kube-proxy, namespace: kube-system }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: kube-proxy, namespace: kube-system }
data:
  # the service account, but by an address that works before services do
  kubeconfig: |
    apiVersion: v1
    kind: Config
    clusters: [{ name: default, cluster: { server: 'https://$KUBE_API_PRIVATE:6443', certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt } }]
    users: [{ name: default, user: { tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token } }]
    contexts: [{ name: default, context: { cluster: default, user: default } }]
    current-context: default
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: kube-proxy, namespace: kube-system }
spec:
  selector: { matchLabels: { app: kube-proxy } }
  template:
    metadata: { labels: { app: kube-proxy } }
    spec:
      hostNetwork: true
      serviceAccountName: kube-proxy
      priorityClassName: system-node-critical
      tolerations: [{ operator: Exists }]
      containers:
        - name: kube-proxy
          image: $HYPERKUBE
          command: [kube-proxy, --kubeconfig=/etc/kube-proxy/kubeconfig, --cluster-cidr=$PODS_NETWORK_CIDR, --hostname-override=\$(NODE_NAME)$options]
          env: [{ name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
          securityContext: { privileged: true }
          volumeMounts:
            - { name: config, mountPath: /etc/kube-proxy }
            - { name: modules, mountPath: /lib/modules, readOnly: true }
      volumes:
        - { name: config, configMap: { name: kube-proxy } }
        - { name: modules, hostPath: { path: /lib/modules } }
CONF
}

flannel() {
  kubectl apply -f - <<CONF
apiVersion: v1
kind: ServiceAccount
metadata: { name: flannel, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: flannel }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
  - { apiGroups: [''], resources: [nodes], verbs: [get, list, watch] }
  - { apiGroups: [''], resources: [nodes/status], verbs: [patch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: flannel }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: flannel }
subjects: [{ kind: ServiceAccount, name: flannel, namespace: kube-system }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: flannel, namespace: kube-system }
data:
  cni.json: '{"name":"cbr0","cniVersion":"0.3.1","plugins":[{"type":"flannel","delegate":{"hairpinMode":true,"isDefaultGateway":true}},{"type":"portmap","capabilities":{"portMappings":true}}]}'
  net.json: '{"Network":"$PODS_NETWORK_CIDR","SubnetLen":$FLANNEL_SUBNETLEN,"Backend":{"Type":"$FLANNEL_BACKEND"}}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: flannel, namespace: kube-system }
spec:
  selector: { matchLabels: { app: flannel } }
  template:
    metadata: { labels: { app: flannel } }
    spec:
      hostNetwork: true
      serviceAccountName: flannel
      priorityClassName: system-node-critical
      tolerations: [{ operator: Exists }]
      initContainers:
        - name: plugin
          image: ${prefix:-quay.io/coreos/}flannel-cni:$FLANNEL_CNI_TAG
          command: [sh, -c, 'cp -f /opt/cni/bin/flannel /host/bin/flannel']
          volumeMounts: [{ name: bin, mountPath: /host/bin }]
        - name: configuration
          image: ${prefix:-quay.io/coreos/}flannel:$FLANNEL_TAG
          command: [cp, -f, /etc/kube-flannel/cni.json, /etc/cni/net.d/10-flannel.conflist]
          volumeMounts: [{ name: cni, mountPath: /etc/cni/net.d }, { name: config, mountPath: /etc/kube-flannel }]
      containers:
        - name: flannel
          image: ${prefix:-quay.io/coreos/}flannel:$FLANNEL_TAG
          command: [/opt/bin/flanneld, --ip-masq, --kube-subnet-mgr, --net-config-path=/etc/kube-flannel/net.json]
          env:
            - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
            - { name: POD_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
            - { name: KUBERNETES_SERVICE_HOST, value: '$KUBE_API_PRIVATE' }
            - { name: KUBERNETES_SERVICE_PORT, value: '6443' }
          securityContext: { privileged: true }
          volumeMounts:
            - { name: run, mountPath: /run/flannel }
            - { name: config, mountPath: /etc/kube-flannel }
      volumes:
        - { name: run, hostPath: { path: /run/flannel, type: DirectoryOrCreate } }
        - { name: bin, hostPath: { path: /opt/cni/bin, type: DirectoryOrCreate } }
        - { name: cni, hostPath: { path: /etc/cni/net.d, type: DirectoryOrCreate } }
        - { name: config, configMap: { name: flannel } }
CONF
}

# Calico's own manifest of that version: too large for user data.
calico() {
  local manifest=/run/calico.yaml minor=${CALICO_TAG%.*}
  curl -fsSL --retry 5 -o "$manifest" "https://raw.githubusercontent.com/projectcalico/calico/$CALICO_TAG/manifests/calico.yaml" ||
    curl -fsSL --retry 5 -o "$manifest" "https://docs.projectcalico.org/archive/$minor/manifests/calico.yaml"
  if [ -n "$prefix" ]; then sed -i -E "s#image: .*/([^/]+:[^/]+)\$#image: $prefix\1#" "$manifest"; fi
  kubectl apply -f "$manifest"
  kubectl -n kube-system set env daemonset/calico-node "CALICO_IPV4POOL_CIDR=$PODS_NETWORK_CIDR" \
    "CALICO_IPV4POOL_IPIP=$([ "$CALICO_IPIP" = Off ] && echo Never || echo "$CALICO_IPIP")" \
    "KUBERNETES_SERVICE_HOST=$KUBE_API_PRIVATE" KUBERNETES_SERVICE_PORT=6443
}

coredns() {
  kubectl apply -f - <<CONF
apiVersion: v1
kind: ServiceAccount
metadata: { name: coredns, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'jeroboam:coredns' }
rules:
  - { apiGroups: [''], resources: [endpoints, services, pods, namespaces], verbs: [list, watch] }
  - { apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: 'jeroboam:coredns' }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'jeroboam:coredns' }
subjects: [{ kind: ServiceAccount, name: coredns, namespace: kube-system }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
      errors
      health
      kubernetes $DNS_CLUSTER_DOMAIN in-addr.arpa ip6.arpa {
        pods verified
        fallthrough in-addr.arpa ip6.arpa
      }
      forward . /etc/resolv.conf
      cache 30
      loop
      reload
      loadbalance
    }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec:
  clusterIP: $DNS_SERVICE_IP
  selector: { k8s-app: kube-dns }
  ports:
    - { name: dns, port: 53, protocol: UDP }
    - { name: dns-tcp, port: 53, protocol: TCP }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec:
  replicas: 2
  selector: { matchLabels: { k8s-app: kube-dns } }
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec:
      serviceAccountName: coredns
      priorityClassName: system-cluster-critical
      dnsPolicy: Default
      tolerations: [{ key: node-role.kubernetes.io/master, effect: NoSchedule }]
      containers:
        - name: coredns
          image: ${prefix:-docker.io/coredns/}coredns:$COREDNS_TAG
          args: [-conf, /etc/coredns/Corefile]
          livenessProbe: { initialDelaySeconds: 60, httpGet: { path: /health, port: 8080 } }
          resources: { requests: { cpu: 100m, memory: 70Mi }, limits: { memory: 170Mi } }
          volumeMounts: [{ name: config, mountPath: /etc/coredns, readOnly: true }]
      volumes:
        - { name: config, configMap: { name: coredns } }
CONF
}

kube_proxy
case $NETWORK_DRIVER in
  calico) calico ;;
  *) flannel ;;
esac
coredns
if [ -n "$POST_INSTALL_MANIFEST_URL" ]; then
  curl -fsSL --retry 5 "$POST_INSTALL_MANIFEST_URL" | kubectl apply -f -
fi
