#!/bin/sh
# Runs a command against a PostgreSQL of its own: starts a throw-away cluster on a free port, sets TEST_DATABASE_URL,
# runs the command, removes the cluster, and ends with the command's exit code.
# Installs Debian's package when there is none and apt is at hand; without PostgreSQL the command runs all the same, and
# the suites that need it say that they are left out.
set -u

if [ $# -eq 0 ]; then
  echo "usage: with-postgres.sh COMMAND [ARGUMENT…]" >&2
  exit 2
fi

find_bin() {
  for candidate in "$(command -v initdb 2>/dev/null)" /usr/lib/postgresql/*/bin/initdb /usr/local/pgsql/bin/initdb \
    /opt/homebrew/bin/initdb; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then found=$(dirname "$candidate"); fi
  done
  echo "${found:-}"
}

bin=$(find_bin)
if [ -z "$bin" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "with-postgres: installing postgresql" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >/dev/null 2>&1
  bin=$(find_bin)
fi
if [ -z "$bin" ]; then
  echo "with-postgres: no PostgreSQL here and none could be installed; running without it" >&2
  exec "$@"
fi

dir=$(mktemp -d)
# The server refuses to run as root.
if [ "$(id -u)" -eq 0 ]; then
  owner=nobody
  id postgres >/dev/null 2>&1 && owner=postgres
  chown "$owner" "$dir"
  as_owner() { su -s /bin/sh "$owner" -c "$1"; }
else
  as_owner() { sh -c "$1"; }
fi

stop() {
  as_owner "'$bin/pg_ctl' -D '$dir/data' -m immediate stop" >/dev/null 2>&1
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ! as_owner "'$bin/initdb' -D '$dir/data' -U postgres -A trust -E UTF8 --no-locale" >"$dir/log" 2>&1; then
  cat "$dir/log" >&2
  exit 1
fi

# A port that is taken only shows when the server starts, so a few are tried.
port=
for try in 1 2 3 4 5 6 7 8; do
  candidate=$((20000 + ($$ * 7 + try * 1009) % 40000))
  if as_owner "'$bin/pg_ctl' -D '$dir/data' -w -t 30 -l '$dir/server.log' \
    -o '-p $candidate -k $dir -c listen_addresses=127.0.0.1 -c max_connections=200' start" >/dev/null 2>&1; then
    port=$candidate
    break
  fi
done
if [ -z "$port" ]; then
  cat "$dir/server.log" >&2
  exit 1
fi

TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres"
export TEST_DATABASE_URL
"$@"
