# Sourced by node.sh: tells Heat how it went. NOTIFY is the command Heat gave for that.
STATE=/var/lib/jeroboam
mkdir -p "$STATE"

# Percent-encoded by the service, as it is passed through several layers of text.
write_openstack_ca() {
  OPENSTACK_CA_FILE=''
  [ -n "${OPENSTACK_CA:-}" ] || return 0
  OPENSTACK_CA_FILE=/etc/jeroboam/openstack-ca.pem
  printf '%b' "${OPENSTACK_CA//%/\\x}" >"$OPENSTACK_CA_FILE"
}

notify() {
  local tls=''
  if [ "${VERIFY_CA,,}" = false ]; then tls=--insecure; elif [ -n "$OPENSTACK_CA_FILE" ]; then tls="--cacert $OPENSTACK_CA_FILE"; fi
  eval "$NOTIFY --fail --silent --show-error --retry 10 --retry-delay 6 $tls --data-binary '$1'"
}

succeeded() {
  notify '{"status": "SUCCESS"}'
  touch "$STATE/done"
}

# The unit starts node.sh again. Only what keeps failing is worth failing a cluster for.
failed() {
  local tries
  tries=$(($(cat "$STATE/tries" 2>/dev/null || echo 0) + 1))
  echo "$tries" >"$STATE/tries"
  [ "$tries" -lt 5 ] || notify "{\"status\": \"FAILURE\", \"reason\": \"$(hostname): $1 failed $tries times\"}" || true
}
