#!/bin/bash
# Stop what up.sh started (by its pid files). --purge also drops all state (packages stay).
set -u
. "$(cd "$(dirname "$0")" && pwd)/lib/settings.sh"
purge=0; names=()
for a in "$@"; do [ "$a" = --purge ] && purge=1 || names+=("$a"); done
if [ ${#names[@]} -eq 0 ]; then
  for f in "$RUN"/*.pid; do [ -e "$f" ] && names+=("$(basename "$f" .pid)"); done
  rest=(); for n in "${names[@]}"; do case $n in mysql|rabbit) ;; *) rest+=("$n") ;; esac; done
  for n in "${rest[@]}"; do stop "$n" & done; wait
  names=(rabbit mysql)
fi
for n in "${names[@]}"; do stop "$n"; done
if [ $purge = 1 ]; then
  rm -rf "$CLOUD_STATE"
fi
echo down
