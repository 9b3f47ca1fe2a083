//! What a confined child sees, in words.

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
/// configuration (ld.so(8)), the links that choose between alternatives, the local time zone.
pub const RUNTIME_FILES: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
];

/// What of `/etc` children need that reach a network: how names are resolved (resolv.conf(5),
/// nsswitch.conf(5)), and which certificates are trusted.
pub const NETWORK_FILES: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/nsswitch.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
];

/// Where the guest's directories with relative names are.
pub const RELATIVE_BASE: &str = "/guest";

/// Trees that are made for the child, or are nobody's.
pub(crate) const RESERVED: &[&str] = &["/etc", "/dev", "/proc", "/sys"];

/// The private directory that a policy may grant.
pub(crate) const TMP: &str = "/tmp";

/// Where a directory that the guest calls `name` is in the child's world: an absolute name is its
/// own place, `.` is [`RELATIVE_BASE`], and `data` is beneath that.
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
    let mut place = base.to_owned();
    // A name that leads above its root is refused when the policy is bound.
    for component in name
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".")
    {
        place.push('/');
        place.push_str(component);
    }
    if place.is_empty() {
        "/".to_owned()
    } else {
        place
    }
}
