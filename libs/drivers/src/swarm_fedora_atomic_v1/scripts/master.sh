#!/bin/bash
# A master: etcd, in which machines find each other, and a Swarm manager.
set -euo pipefail
cd "$PKI"
cert=/opt/jeroboam/make-cert.sh

sans=DNS:localhost,IP:127.0.0.1
for address in "$NODE_IP" "$NODE_PUBLIC_IP" "$SWARM_API_PRIVATE" "$SWARM_API_PUBLIC"; do sans+=,IP:$address; done
"$cert" ca kubernetes ca.crt
"$cert" ca etcd etcd-ca.crt
"$cert" cert kubernetes server "/CN=$(hostname -s)" "$sans"
"$cert" cert etcd etcd "/CN=$(hostname -s)" "$sans"

members=''
for address in ${MASTER_IPS//,/ }; do members+=${members:+,}etcd-$address=https://$address:2380; done
discovery="--initial-cluster=$members --initial-cluster-token=$CLUSTER_UUID"
if [ -n "$ETCD_DISCOVERY_URL" ]; then discovery=--discovery=$ETCD_DISCOVERY_URL; fi
cat >/etc/systemd/system/swarm-etcd.service <<CONF
[Unit]
Description=Key-value store of the Swarm
After=network-online.target

[Service]
Type=notify
ExecStart=/usr/bin/etcd --name=etcd-$NODE_IP --data-dir=/var/lib/etcd/swarm --listen-client-urls=https://0.0.0.0:2379 --advertise-client-urls=https://$NODE_IP:2379 --listen-peer-urls=https://$NODE_IP:2380 --initial-advertise-peer-urls=https://$NODE_IP:2380 $discovery --cert-file=$PKI/etcd.crt --key-file=$PKI/etcd.key --trusted-ca-file=$PKI/etcd-ca.crt --client-cert-auth --peer-cert-file=$PKI/etcd.crt --peer-key-file=$PKI/etcd.key --peer-trusted-ca-file=$PKI/etcd-ca.crt --peer-client-cert-auth
Restart=always
RestartSec=10
TimeoutStartSec=900

[Install]
WantedBy=multi-user.target
CONF
systemctl daemon-reload
systemctl enable swarm-etcd
systemctl start swarm-etcd

if [ "$NETWORK_DRIVER" = flannel ]; then
  etcdctl --endpoints "https://$NODE_IP:2379" --ca-file etcd-ca.crt --cert-file etcd.crt --key-file etcd.key \
    set /flannel/network/config "{\"Network\":\"$FLANNEL_NETWORK_CIDR\",\"SubnetLen\":$FLANNEL_SUBNETLEN,\"Backend\":{\"Type\":\"$FLANNEL_BACKEND\"}}"
fi
/opt/jeroboam/docker.sh

tls=() client=()
if [ "${TLS_DISABLED,,}" != true ]; then
  tls=(--tlsverify --tlscacert=/pki/ca.crt --tlscert=/pki/server.crt --tlskey=/pki/server.key)
  client=(--tlsverify --tlscacert=ca.crt --tlscert=server.crt --tlskey=server.key)
fi
/opt/jeroboam/swarm.sh swarm-manager manage -H "tcp://0.0.0.0:$SWARM_PORT" "${tls[@]}" --replication "--advertise=$NODE_IP:$SWARM_PORT" "--strategy=$SWARM_STRATEGY"

left=90
until docker "${client[@]}" -H "tcp://$NODE_IP:$SWARM_PORT" info >/dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo 'the manager does not answer' >&2; exit 1; }
  sleep 10
done
