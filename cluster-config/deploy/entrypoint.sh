#!/bin/sh
# What a container runs. As root it sees to it that the volumes are the service's own, starts the package helper, drops every
# privilege and becomes ./clawster; as anybody else it just becomes that. Arguments are ./clawster's.
set -eu

program=${CLAWSTER_PROGRAM:-/app/clawster}
user=1000
group=1000
data=${CLAWSTER_DATA:-/var/lib/clawster/data}
workspaces=${CLAWSTER_WORKSPACES:-$data/workspaces}

verb=${1:-}

# Process 1 has to bury what agents' tools leave behind; tini does that, and passes signals on.
if [ $$ -eq 1 ] && command -v tini >/dev/null; then
  set -- tini -- "$program" "$@"
else
  set -- "$program" "$@"
fi

if [ "$(id -u)" -ne 0 ]; then
  exec "$@"
fi

# plain PATH: prints it without slashes at its end, if there is no symbolic link in it: what is behind one is not for root to give
# away, and the service may have put it there.
plain() {
  path=$1
  while [ "$path" != "${path%/}" ]; do path=${path%/}; done
  if [ -z "$path" ] || [ "$(readlink -m -- "$path")" != "$path" ]; then
    printf 'clawster: %s is not the name of a directory itself (a link, or not absolute), so it is left as it is\n' "$1" >&2
    return 1
  fi
  printf '%s\n' "$path"
}

# Volumes come from root. What is in them is gone through only if they are not ours yet, so a big one costs nothing later.
own() {
  path=$(plain "$1") || return 0
  mkdir -p "$path"
  [ "$(stat -c %u:%g "$path")" = "$user:$group" ] || chown -R -h "$user:$group" "$path"
}

own "$data"
own "$workspaces"

# The one thing that stays root: it installs packages for who has our number, and needs nothing of our environment, the tokens
# least of all. What it installed is in a volume of its own, which is root's, and which it refuses if others could write there; a
# new volume has a mode that it does not take.
if [ "$verb" = up ] && packages=$(plain "${CLAWSTER_PACKAGES:-/var/lib/clawster-packages}"); then
  mkdir -p "$packages"
  chown "0:$group" "$packages"
  chmod 0750 "$packages"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin ${CLAWSTER_PACKAGE_SOCKET:+"CLAWSTER_PACKAGE_SOCKET=$CLAWSTER_PACKAGE_SOCKET"} \
    "$program" helper --user "$user" --group "$group" --memory "$packages" &
fi

export HOME="$data"
exec setpriv --reuid="$user" --regid="$group" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
