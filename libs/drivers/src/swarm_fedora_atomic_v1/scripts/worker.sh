#!/bin/bash
# A node: Docker, and an agent that tells the managers of it.
set -euo pipefail
cd "$PKI"
cert=/opt/jeroboam/make-cert.sh

sans=DNS:localhost,IP:127.0.0.1,IP:$NODE_IP,IP:$NODE_PUBLIC_IP
"$cert" ca kubernetes ca.crt
"$cert" ca etcd etcd-ca.crt
"$cert" cert kubernetes server "/CN=$(hostname -s)" "$sans"
"$cert" cert etcd etcd "/CN=$(hostname -s)" "$sans"

# Nothing of the node works before the masters' store does.
left=180
until curl --silent --fail --cacert etcd-ca.crt --cert etcd.crt --key etcd.key "https://${MASTER_IPS%%,*}:2379/health" >/dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo 'the store of the masters does not answer' >&2; exit 1; }
  sleep 10
done

/opt/jeroboam/docker.sh
/opt/jeroboam/swarm.sh swarm-agent join "--advertise=$NODE_IP:2375"

left=30
until docker inspect --format '{{.State.Running}}' swarm-agent | grep -q true; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo 'the agent does not run' >&2; exit 1; }
  sleep 10
done
