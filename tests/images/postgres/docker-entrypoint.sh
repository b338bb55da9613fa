#!/bin/bash
# Makes the cluster, its user and its database on the first start, then becomes `postgres`.
set -euo pipefail

if [ "$1" != postgres ]; then
    exec "$@"
fi

if [ "$(id -u)" = 0 ]; then
    install --directory --owner postgres --mode 0700 "$PGDATA"
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    initdb --pgdata "$PGDATA" --username "$user" --encoding UTF8 --auth-local trust --auth-host scram-sha-256 \
        --pwfile <(printf '%s\n' "${POSTGRES_PASSWORD:?the superuser needs a password}")
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    # On the socket only: a client over TCP sees no server before all is made.
    pg_ctl --pgdata "$PGDATA" --wait --options '-c listen_addresses= -c unix_socket_directories=/tmp' start
    run=(psql --host /tmp --username "$user" --no-psqlrc --set ON_ERROR_STOP=1)
    if [ "$database" != postgres ]; then
        "${run[@]}" --dbname postgres --command "CREATE DATABASE \"$database\""
    fi
    for file in /docker-entrypoint-initdb.d/*.sql; do
        [ ! -e "$file" ] || "${run[@]}" --dbname "$database" --file "$file"
    done
    pg_ctl --pgdata "$PGDATA" --wait stop
fi

shift
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
