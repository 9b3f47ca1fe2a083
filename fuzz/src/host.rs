//! A small host to try policies on: programs that nobody runs, and directories of a guest.

use offspring_policy::Preopen;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A directory of the guest: the guest's name for it, and whether the guest may write in it.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The guest's name for it.
    pub name: String,
    /// Whether the guest may change what is in it.
    pub writable: bool,
    /// Whether it has the same name on the host.
    pub same_on_host: bool,
}

/// Directories `bin`, with programs, and `guest`, with what guests are given.
#[derive(Debug)]
pub struct Host {
    root: PathBuf,
}

impl Host {
    /// The host beneath `target/host`. A policy only looks at it, so that it is made once and
    /// targets share it.
    ///
    /// # Panics
    ///
    /// It cannot be made.
    pub fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/host");
        for directory in [
            "bin",
            "guest/here/logs",
            "guest/logs",
            "guest/offered/inner",
        ] {
            fs::create_dir_all(root.join(directory)).expect("directories can be made in target");
        }
        let host = Self {
            root: root.canonicalize().expect("it was just made"),
        };
        for name in ["tool", "free", "plain", "sh", "interpreter"] {
            host.program(name, b"\x7fELF");
        }
        let interpreter = host.path("bin/interpreter");
        let line = format!("#!{} -e\n", interpreter.display());
        host.program("report", line.as_bytes());
        host
    }

    /// A path with every link resolved.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The guest's directories `.`, `logs`, `/offered`, which it may only read, and `/offered/inner`.
    pub fn directories(&self) -> Vec<Directory> {
        let named = |(name, writable): (&str, bool)| Directory {
            name: name.to_owned(),
            writable,
            same_on_host: false,
        };
        [
            (".", true),
            ("logs", true),
            ("/offered", false),
            ("/offered/inner", true),
        ]
        .map(named)
        .into()
    }

    /// A directory that guest and host know by the same name.
    pub fn same_directory(&self) -> Directory {
        Directory {
            name: self.path("guest/offered").to_string_lossy().into_owned(),
            writable: true,
            same_on_host: true,
        }
    }

    /// The directories as the policy is told of them.
    pub fn preopens(&self, directories: &[Directory]) -> Vec<Preopen> {
        let preopen = |directory: &Directory| Preopen {
            guest: directory.name.clone(),
            host: match directory.name.as_str() {
                "." => self.path("guest/here"),
                _ if directory.same_on_host => directory.name.clone().into(),
                name => self.path("guest").join(name.trim_start_matches('/')),
            },
            writable: directory.writable,
        };
        directories.iter().map(preopen).collect()
    }

    /// Writes an executable file.
    fn program(&self, name: &str, content: &[u8]) {
        let path = self.path("bin").join(name);
        fs::write(&path, content).expect("files can be written in target");
        fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("they are our own");
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}
