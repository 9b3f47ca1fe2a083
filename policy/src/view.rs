//! What a confined child sees, in words.

use std::path::Path;

/// Directories of programs and libraries, which every confined child sees read-only, as far as the
/// host has them. A link, such as `/bin` mostly is, stays one.
pub const RUNTIME_DIRECTORIES: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
];

/// What of `/etc` programs need to be loaded and to tell the time: the dynamic linker's cache and
/// configuration (ld.so(8)), the links that choose between alternatives, the local time zone, and
/// the configuration of OpenSSL, without which programs do not start that may not look at it.
pub const RUNTIME_FILES: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls/openssl.cnf",
    "/etc/crypto-policies",
];

/// What of `/etc` children need that reach a network: how names are resolved (resolv.conf(5),
/// nsswitch.conf(5)), and which certificates are trusted. Private keys are beside these, so no more
/// of their directories is shown.
pub const NETWORK_FILES: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/nsswitch.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/ca-trust",
    "/etc/pki/java",
    "/etc/ca-certificates",
];

/// Where the guest's directories with relative names are.
pub const RELATIVE_BASE: &str = "/guest";

/// Trees that are made for the child, so that no directory of the guest can be there. The last two
/// are needed while its world is being built.
pub(crate) const MADE: &[&str] = &[
    "/etc",
    "/dev",
    "/proc",
    "/sys",
    "/.offspring-host",
    "/.offspring-landlock",
];

/// The kernel's trees, of which no part of the host's can be shown.
const KERNEL: [&str; 3] = ["/proc", "/dev", "/sys"];

/// What cannot be shown as a whole, though what lies in it can: everybody's files, the sockets of
/// running services, and what is made for the child.
const NOT_WHOLE: [&str; 5] = ["/tmp", "/run", "/etc", "/etc/passwd", "/etc/group"];

/// The private directory that a policy may grant.
pub(crate) const TMP: &str = "/tmp";

/// The same by another name, which comes with it (shm_overview(7)).
pub(crate) const SHARED_MEMORY: &str = "/dev/shm";

/// Whether a file or directory of the host can be shown to children. It is asked of a path as it
/// was written, and again with every link resolved.
pub(crate) fn can_be_shown(path: &Path) -> bool {
    let kernel = KERNEL.iter().any(|tree| path.starts_with(tree));
    let whole = NOT_WHOLE.iter().any(|whole| path == Path::new(whole));
    // The root alone has no parent.
    !kernel && !whole && path.parent().is_some()
}

/// Where a directory that the guest calls `name` is in the child's world: an absolute name is its
/// own place, `.` is [`RELATIVE_BASE`], and `data` is beneath that. As everywhere, `..` does not
/// lead above the root.
///
/// ```
/// use offspring_policy::view::place_in_child;
///
/// assert_eq!(place_in_child("/work/"), "/work");
/// assert_eq!(place_in_child("."), "/guest");
/// assert_eq!(place_in_child("data"), "/guest/data");
/// ```
pub fn place_in_child(name: &str) -> String {
    let base = if name.starts_with('/') {
        ""
    } else {
        RELATIVE_BASE
    };
    let mut place = Vec::new();
    for component in base.split('/').chain(name.split('/')) {
        match component {
            "" | "." => {}
            ".." => drop(place.pop()),
            component => place.push(component),
        }
    }
    format!("/{}", place.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_trees_and_whole_directories_of_everybody_cannot_be_shown() {
        for path in [
            "/",
            "/proc",
            "/proc/1",
            "/dev/null",
            "/sys/fs",
            "/tmp",
            "/run",
            "/etc",
            "/etc/passwd",
        ] {
            assert!(!can_be_shown(Path::new(path)), "{path}");
        }
        for path in [
            "/opt",
            "/tmp/tool",
            "/etc/tool.conf",
            "/process",
            "/run/tool",
        ] {
            assert!(can_be_shown(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn no_directory_of_etc_is_shown_in_which_private_keys_are_kept() {
        let files = RUNTIME_FILES.iter().chain(NETWORK_FILES);
        let shown: Vec<_> = files.map(Path::new).collect();
        for key in [
            "/etc/ssl/private/server.key",
            "/etc/pki/tls/private/server.key",
            "/etc/pki/CA/private/ca.key",
            "/etc/ssh/ssh_host_ed25519_key",
            "/etc/shadow",
        ] {
            assert!(
                !shown.iter().any(|shown| Path::new(key).starts_with(shown)),
                "{key}"
            );
        }
    }

    #[test]
    fn a_relative_name_never_leads_above_the_root() {
        assert_eq!(place_in_child("../../.."), "/");
        assert_eq!(place_in_child("../x"), "/x");
    }

    #[test]
    fn an_absolute_name_is_its_own_place_however_it_is_written() {
        assert_eq!(place_in_child("/a//./b/../c/"), "/a/c");
        assert_eq!(place_in_child(""), RELATIVE_BASE);
        assert_eq!(place_in_child("./data/"), "/guest/data");
    }
}
