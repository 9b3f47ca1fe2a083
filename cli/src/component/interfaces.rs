//! What this host gives to components, and how to name what it does not.

use super::version::InterfaceName;
use std::fmt::Write as _;

/// Every interface that `run::guest::linker` gives, by release. wasmtime has no way to list them.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "0.2",
        &[
            "offspring:process/process",
            "offspring:process/shell",
            "wasi:cli/environment",
            "wasi:cli/exit",
            "wasi:cli/stderr",
            "wasi:cli/stdin",
            "wasi:cli/stdout",
            "wasi:cli/terminal-input",
            "wasi:cli/terminal-output",
            "wasi:cli/terminal-stderr",
            "wasi:cli/terminal-stdin",
            "wasi:cli/terminal-stdout",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/wall-clock",
            "wasi:filesystem/preopens",
            "wasi:filesystem/types",
            "wasi:io/error",
            "wasi:io/poll",
            "wasi:io/streams",
            "wasi:random/insecure",
            "wasi:random/insecure-seed",
            "wasi:random/random",
            "wasi:sockets/instance-network",
            "wasi:sockets/ip-name-lookup",
            "wasi:sockets/network",
            "wasi:sockets/tcp",
            "wasi:sockets/tcp-create-socket",
            "wasi:sockets/udp",
            "wasi:sockets/udp-create-socket",
        ],
    ),
    (
        "0.3",
        &[
            "offspring:process/process",
            "offspring:process/shell",
            "wasi:cli/environment",
            "wasi:cli/exit",
            "wasi:cli/stderr",
            "wasi:cli/stdin",
            "wasi:cli/stdout",
            "wasi:cli/terminal-input",
            "wasi:cli/terminal-output",
            "wasi:cli/terminal-stderr",
            "wasi:cli/terminal-stdin",
            "wasi:cli/terminal-stdout",
            "wasi:cli/types",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/system-clock",
            "wasi:clocks/types",
            "wasi:filesystem/preopens",
            "wasi:filesystem/types",
            "wasi:random/insecure",
            "wasi:random/insecure-seed",
            "wasi:random/random",
            "wasi:sockets/ip-name-lookup",
            "wasi:sockets/types",
        ],
    ),
];

/// The imports that this host lacks, a line for each that says what is nearest; empty if none.
pub(crate) fn missing(imports: &[String]) -> String {
    let mut lines = String::new();
    for import in imports {
        let name = InterfaceName::parse(import);
        if !is_known(name) {
            write!(lines, "\n  {import}: {}", advice(name)).expect("a string takes it");
        }
    }
    lines
}

fn is_known(name: InterfaceName<'_>) -> bool {
    KNOWN
        .iter()
        .any(|(release, paths)| name.release() == Some(*release) && paths.contains(&name.path))
}

fn advice(name: InterfaceName<'_>) -> String {
    let releases: Vec<_> = KNOWN
        .iter()
        .filter(|(_, paths)| paths.contains(&name.path))
        .map(|(release, _)| *release)
        .collect();
    if !releases.is_empty() {
        return format!("this host has {} of it", releases.join(" and "));
    }
    let packaged = |path: &&str| InterfaceName::parse(path).package() == name.package();
    let paths = || KNOWN.iter().flat_map(|(_, paths)| *paths).copied();
    if name.package().starts_with("wasi:") && !paths().any(|path| packaged(&path)) {
        return format!("this host has no {}", name.package());
    }
    let likeness = |path: &str| strsim::normalized_damerau_levenshtein(path, name.path);
    let nearest = paths().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|path| likeness(path) > LIKE) {
        Some(path) => format!("this host has none; the nearest is {path}"),
        None => "this host has nothing like it".to_owned(),
    }
}

/// How alike two names must be, of 1, to be taken for one another.
const LIKE: f64 = 0.7;

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn the_nearest_of_what_is_missing_is_named() {
        let imports = [
            "wasi:io/poll@0.2.3",
            "wasi:io/poll@0.3.0",
            "wasi:cli/stdin@0.3.0-rc-2025-09-16",
            "wasi:http/types@0.2.3",
            "offspring:proces/process@0.3.0",
            "acme:db/store@1.0.0",
        ];
        let expected = "
  wasi:io/poll@0.3.0: this host has 0.2 of it
  wasi:cli/stdin@0.3.0-rc-2025-09-16: this host has 0.2 and 0.3 of it
  wasi:http/types@0.2.3: this host has no wasi:http
  offspring:proces/process@0.3.0: this host has none; the nearest is offspring:process/process
  acme:db/store@1.0.0: this host has nothing like it";
        assert_eq!(missing(&imports.map(str::to_owned)), expected);
    }
}
