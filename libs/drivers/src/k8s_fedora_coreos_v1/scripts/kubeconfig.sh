#!/bin/bash
# kubeconfig.sh SERVER NAME: a kubeconfig with the certificate pki/NAME.crt, on standard output
set -euo pipefail
cat <<CONF
apiVersion: v1
kind: Config
clusters:
  - { name: default, cluster: { server: '$1', certificate-authority: $PKI/ca.crt } }
users:
  - { name: default, user: { client-certificate: $PKI/$2.crt, client-key: $PKI/$2.key } }
contexts:
  - { name: default, context: { cluster: default, user: default } }
current-context: default
CONF
