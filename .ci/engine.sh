#!/bin/bash
# A Docker engine with every image the end-to-end tests need, on a Debian 12 machine where no image can be pulled.
# Run as root, again whenever you like: what is there already is left alone.
#
#   .ci/engine.sh && docker compose --env-file .ci/images.env up --detach --wait
set -euo pipefail
cd "$(dirname "$0")/.."

base=vetstream-base:bookworm
log=/var/log/dockerd.log
export DOCKER_BUILDKIT=0 DEBIAN_FRONTEND=noninteractive

step() {
    local since=$SECONDS
    echo "==> $1"
    "${@:2}"
    echo "    $((SECONDS - since)) s"
}

install_engine() {
    local missing=()
    command -v dockerd >/dev/null || missing+=(docker.io)
    command -v iptables >/dev/null || missing+=(iptables)
    command -v debootstrap >/dev/null || missing+=(debootstrap)
    [ ${#missing[@]} = 0 ] && return
    apt-get update -qq
    apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
}

start_engine() {
    docker info >/dev/null 2>&1 && return
    # A session of its own: the engine outlives this script and the shell that called it.
    setsid --fork dockerd >>"$log" 2>&1 </dev/null
    for _ in $(seq 120); do
        docker info >/dev/null 2>&1 && return
        sleep 0.5
    done
    echo 'the engine did not answer within a minute' >&2
    tail -n 40 "$log" >&2
    return 1
}

# Debian 12 with the certificate authorities that this machine trusts, so that no Dockerfile has to know of a proxy.
build_base() {
    docker image inspect "$base" >/dev/null 2>&1 && return
    local root authorities=/etc/ssl/certs/ca-certificates.crt
    root=$(mktemp --directory)
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$root.log" || { cat "$root.log" >&2; return 1; }
    cat >"$root/etc/apt/apt.conf.d/docker-clean" <<'APT'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT
    cp --recursive /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
    chroot "$root" update-ca-certificates >/dev/null 2>&1
    tar --directory "$root" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --create . |
        docker import --change 'CMD ["bash"]' \
            --change "ENV PIP_CERT=$authorities REQUESTS_CA_BUNDLE=$authorities" - "$base" >/dev/null
    rm --recursive --force "$root" "$root.log"
}

build() {
    local output
    output=$(docker build --build-arg BASE_IMAGE="$base" --tag "$@" 2>&1) || { echo "$output" >&2; return 1; }
}

# Debian 12 has no Compose 2; the next Debian's package needs nothing but a libc that Debian 12 has.
install_compose() {
    docker compose version >/dev/null 2>&1 && return
    local next
    next=$(mktemp --directory)
    mkdir --parents "$next/lists/partial" "$next/cache/archives/partial"
    sed 's/bookworm/trixie/g' /etc/apt/sources.list.d/debian.sources >"$next/debian.sources"
    (
        cd "$next"
        printf 'Dir::Etc::SourceList "/dev/null";\nDir::Etc::SourceParts "%s";\n' "$next" >apt.conf
        printf 'Dir::State::Lists "%s";\nDir::Cache "%s";\nAPT::Sandbox::User "root";\n' "$next/lists" "$next/cache" >>apt.conf
        export APT_CONFIG=$next/apt.conf
        apt-get update -qq
        apt-get download -qq docker-compose
        dpkg --install docker-compose_*.deb >/dev/null
    )
    rm --recursive --force "$next"
    docker compose version
}

step 'engine installed' install_engine
step 'engine running' start_engine
step 'compose' install_compose
step "$base" build_base
step 'vetstream-kafka:ci' build vetstream-kafka:ci tests/images/kafka
step 'vetstream-postgres:ci' build vetstream-postgres:ci tests/images/postgres
step 'vetstream:ci' build vetstream:ci .
