#!/bin/sh
# read-only-root.sh APP "DIR..." COMMAND...
# Becomes COMMAND, run as the images do: user 1654 without any capability, everything read-only, APP at /mnt/app, and only the given ones
# of /mnt/cache and /tmp writable. Needs root. All mounts are in a namespace of its own and vanish with it; as every step is an exec, the
# process keeps its id and gets its signals.
set -eu
app=$1 writable=$2
shift 2
APP=$app WRITABLE=$writable exec unshare --mount --propagation private -- sh -c '
  set -eu
  root=/mnt
  mount --rbind / $root
  mount -t tmpfs -o size=1m,mode=0755 none $root/mnt
  mkdir $root/mnt/app $root/mnt/cache
  mount --bind "$APP" $root/mnt/app
  mount -o remount,bind,ro $root/mnt/app
  mount -o remount,ro $root/mnt
  # Shut first, and opened only when asked for.
  mount -t tmpfs -o size=64m,mode=0555 none $root/tmp
  mount -o remount,ro $root/tmp
  for dir in $WRITABLE; do
    mount -t tmpfs -o size=512m,uid=1654,gid=1654,mode=0700 none $root$dir
  done
  mount -o remount,bind,ro $root
  unset APP WRITABLE
  exec chroot $root setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
' sh "$@"
