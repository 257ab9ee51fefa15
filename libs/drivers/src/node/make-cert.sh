#!/bin/bash
# Certificates of a node, signed by the authorities of its cluster. The key never leaves the node.
#
#   make-cert.sh ca TYPE FILE                     fetch the certificate of an authority
#   make-cert.sh cert TYPE NAME SUBJECT [SANS]    make NAME.key, have NAME.crt signed
#
# TYPE: kubernetes, etcd or front-proxy. SUBJECT as openssl takes it, SANS as DNS:x,IP:y.
# A certificate that is there already is kept. Settings come from the environment:
# AUTH_URL (with /v3), MAGNUM_URL (with /v1), CLUSTER_UUID, TRUSTEE_USER_ID, TRUSTEE_PASSWORD,
# TRUST_ID (may be empty), VERIFY_CA (False switches verification off), OPENSTACK_CA_FILE.
set -euo pipefail
umask 077

# A freshly booted node may be there before the network is, and services restart.
ATTEMPTS=${CERT_ATTEMPTS:-60}
PAUSE=${CERT_PAUSE:-10}

request() {
  local options=(--silent --show-error --fail --max-time 60)
  case ${VERIFY_CA,,} in
    false) options+=(--insecure) ;;
    *) if [ -n "${OPENSTACK_CA_FILE:-}" ]; then options+=(--cacert "$OPENSTACK_CA_FILE"); fi ;;
  esac
  curl "${options[@]}" -H 'Content-Type: application/json' -H 'Accept: application/json' "$@"
}

persistently() {
  local left=$ATTEMPTS
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "make-cert: gave up: $*" >&2; return 1; }
    sleep "$PAUSE"
  done
}

# The inside of a JSON string.
escaped() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'; }

# The trustee may ask for certificates of its cluster; with the trust it acts for the cluster's user.
authenticate() {
  local scope='' headers
  if [ -n "${TRUST_ID:-}" ]; then scope=$(printf ',"scope":{"OS-TRUST:trust":{"id":"%s"}}' "$TRUST_ID"); fi
  headers=$(request --dump-header - --output /dev/null --data @- "$AUTH_URL/auth/tokens" <<BODY
{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"$(escaped "$TRUSTEE_USER_ID")","password":"$(escaped "$TRUSTEE_PASSWORD")"}}}$scope}}
BODY
  ) || return 1
  TOKEN=$(tr -d '\r' <<<"$headers" | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: *//p')
  [ -n "$TOKEN" ]
}

# The token goes through a pipe, so that no list of processes shows it.
magnum() {
  request -H "OpenStack-API-Version: container-infra latest" -H @<(printf 'X-Auth-Token: %s\n' "$TOKEN") "$@"
}

pem_of() {
  local text
  text=$(sed -n 's/.*"pem": *"\([^"]*\)".*/\1/p')
  [ -n "$text" ] && printf '%b\n' "$text"
}

fetch_ca() {
  local type=$1 file=$2
  authenticate && magnum "$MAGNUM_URL/certificates/$CLUSTER_UUID?ca_cert_type=$type" | pem_of >"$file.new" || return 1
  openssl x509 -noout -in "$file.new" && mv "$file.new" "$file"
}

make_request() {
  local name=$1 subject=$2 sans=$3
  [ -s "$name.key" ] || openssl genrsa -out "$name.key" 2048 2>/dev/null
  {
    printf '[req]\ndistinguished_name = dn\nreq_extensions = ext\nprompt = no\n[dn]\n[ext]\n'
    printf 'keyUsage = critical,digitalSignature,keyEncipherment\nextendedKeyUsage = clientAuth,serverAuth\n'
    if [ -n "$sans" ]; then printf 'subjectAltName = %s\n' "$sans"; fi
  } >"$name.cnf"
  openssl req -new -sha256 -key "$name.key" -subj "$subject" -config "$name.cnf" -out "$name.csr"
  rm -f "$name.cnf"
}

sign() {
  local type=$1 name=$2
  authenticate || return 1
  magnum --data @- "$MAGNUM_URL/certificates" <<BODY | pem_of >"$name.crt.new" || return 1
{"cluster_uuid":"$CLUSTER_UUID","ca_cert_type":"$type","csr":"$(escaped "$(cat "$name.csr")")"}
BODY
  openssl x509 -noout -in "$name.crt.new" && mv "$name.crt.new" "$name.crt"
}

case ${1:-} in
  ca)
    [ -s "$3" ] || persistently fetch_ca "$2" "$3"
    chmod 644 "$3"
    ;;
  cert)
    if [ ! -s "$3.crt" ]; then
      make_request "$3" "$4" "${5:-}"
      persistently sign "$2" "$3"
      rm -f "$3.csr"
    fi
    ;;
  *)
    sed -n '2,8p' "$0" >&2
    exit 2
    ;;
esac
