#!/bin/sh
# Installs the PostgreSQL server and Chromium with apt-get where they are missing and apt-get may be used;
# otherwise says what to install. Starts no service and leaves no setting behind.
set -eu

find_missing() {
    "${PYTHON:-python3}" "$(dirname "$0")/programs.py"
}

explain_and_stop() {
    {
        echo "The tests need programs that are not installed: $(echo $missing)."
        echo "  PostgreSQL server (initdb, postgres)   Debian, Ubuntu: apt-get install postgresql"
        echo "  Chromium                               Debian: apt-get install chromium fonts-dejavu-core"
        echo "Programs in unusual places are named with POSTGRESQL_BIN=/directory and CHROMIUM=/path/to/chromium."
        echo "$1"
    } >&2
    exit 1
}

find_privilege() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        explain_and_stop "They were not installed now: this user is neither root nor may use sudo without a password."
    fi
}

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1
}

install_packages() {
    echo "Installing $(echo $packages) with apt-get"
    # The tests start a server of their own: Debian's must neither be made nor started by the package.
    no_cluster=/etc/postgresql-common/createcluster.d/hailong-tests.conf
    if [ ! -e "$no_cluster" ]; then
        trap '$as_root rm -f "$no_cluster"; rm -f "$log"' EXIT
        $as_root mkdir -p "$(dirname "$no_cluster")"
        echo "create_main_cluster = false" | $as_root tee "$no_cluster" >/dev/null
    fi
    if ! { apt_get update && apt_get install --no-install-recommends $packages; }; then
        tail -n 20 "$log" >&2
        explain_and_stop "apt-get could not install them; its last lines are above."
    fi
}

missing=$(find_missing)
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || explain_and_stop "There is no apt-get on this system, so they were not installed now."
find_privilege

packages=
for program in $missing; do
    case $program in
        postgresql) packages="$packages postgresql" ;;
        chromium) packages="$packages chromium fonts-dejavu-core" ;;
    esac
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_packages

missing=$(find_missing)
[ -z "$missing" ] || explain_and_stop "apt-get ended well, but they are still not found."
