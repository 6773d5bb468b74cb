#!/bin/sh
# Installs R with the packages survey, MASS and jsonlite with apt-get where they are missing and apt-get may be
# used; otherwise says what to install.
set -eu

packages="r-cran-survey r-cran-mass r-cran-jsonlite"

is_there() {
    command -v Rscript >/dev/null &&
        Rscript -e 'for (name in c("survey", "MASS", "jsonlite")) stopifnot(requireNamespace(name, quietly = TRUE))' \
            >/dev/null 2>&1
}

explain_and_stop() {
    {
        echo "The comparison needs R with the packages survey, MASS and jsonlite."
        echo "  Debian, Ubuntu: apt-get install $packages"
        echo "$1"
    } >&2
    exit 2
}

is_there && exit 0

command -v apt-get >/dev/null || explain_and_stop "There is no apt-get on this system, so they were not installed now."
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    explain_and_stop "They were not installed now: this user is neither root nor may use sudo without a password."
fi

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing $packages with apt-get"
if ! { apt_get update && apt_get install --no-install-recommends $packages; }; then
    tail -n 20 "$log" >&2
    explain_and_stop "apt-get could not install them; its last lines are above."
fi
is_there || explain_and_stop "apt-get ended well, but they are still not found."
