#!/bin/bash
# swarm.sh UNIT ARGUMENT...: keeps a container of Swarm running on this machine
set -euo pipefail
unit=$1
shift
discovery=(--discovery-opt "kv.cacertfile=/pki/etcd-ca.crt" --discovery-opt "kv.certfile=/pki/etcd.crt" --discovery-opt "kv.keyfile=/pki/etcd.key")
cat >"/etc/systemd/system/$unit.service" <<CONF
[Unit]
Description=Docker Swarm ($unit)
After=docker.service
Requires=docker.service

[Service]
ExecStartPre=-/usr/bin/docker rm -f $unit
ExecStart=/usr/bin/docker run --name $unit --net=host -v $PKI:/pki:ro,z docker.io/swarm:$SWARM_VERSION $* ${discovery[*]} $ETCD_STORE/swarm
ExecStop=/usr/bin/docker stop $unit
Restart=always
RestartSec=10

[Install]
WantedBy=multi-user.target
CONF
systemctl daemon-reload
systemctl enable "$unit"
systemctl restart "$unit"
