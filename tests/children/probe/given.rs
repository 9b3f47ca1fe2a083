//! What the probe is given on its command line.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::getppid;

/// What the probe is given. An attempt that lacks its part is not made.
#[derive(Default)]
pub(crate) struct Given {
    /// A directory of the host's that the child is not given.
    pub(crate) outside: Option<PathBuf>,
    /// A preopen for reading.
    pub(crate) readonly: Option<PathBuf>,
    /// A preopen for reading and writing.
    pub(crate) inside: Option<PathBuf>,
    /// This program, set-uid to somebody else.
    pub(crate) privileged: Option<PathBuf>,
    /// The host.
    pub(crate) host: Option<i32>,
    /// A process that has nothing to do with this one.
    pub(crate) sibling: Option<i32>,
    /// Whoever started this process, if it can be seen from here.
    pub(crate) parent: Option<i32>,
    /// The name of the abstract socket on which the host listens.
    pub(crate) abstract_name: Option<String>,
    /// The port of the loopback device on which the host listens.
    pub(crate) tcp: Option<u16>,
    /// The port of the loopback device at which the host receives.
    pub(crate) udp: Option<u16>,
    /// The key of the host's shared memory segment.
    pub(crate) shm_key: Option<i32>,
    /// The name of the host's shared memory object.
    pub(crate) shared_memory: Option<String>,
    /// The name of the host's message queue.
    pub(crate) queue: Option<String>,
    /// The name of a key in the keyring of the host's user.
    pub(crate) key: Option<String>,
    /// Whether to print the names only.
    pub(crate) list: bool,
    only: Option<Vec<String>>,
    except: Vec<String>,
}

impl Given {
    /// Reads the command line.
    pub(crate) fn parse(arguments: &[String]) -> Given {
        let parent = getppid().as_raw();
        let mut given = Given {
            parent: (parent > 0).then_some(parent),
            ..Given::default()
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            if option == "--list" {
                given.list = true;
                continue;
            }
            let value = arguments.next();
            let value = value.unwrap_or_else(|| panic!("{option}: takes a value"));
            given.set(option, value);
        }
        given
    }

    fn set(&mut self, option: &str, value: &str) {
        let number = || {
            value
                .parse()
                .unwrap_or_else(|_| panic!("{option}: takes a number"))
        };
        let port = || {
            value
                .parse()
                .unwrap_or_else(|_| panic!("{option}: takes a port"))
        };
        let names = || value.split(',').map(str::to_owned).collect();
        let text = || Some(value.to_owned());
        let path = || Some(PathBuf::from(value));
        match option {
            "--outside" => self.outside = path(),
            "--readonly" => self.readonly = path(),
            "--inside" => self.inside = path(),
            "--privileged" => self.privileged = path(),
            "--host-pid" => self.host = Some(number()),
            "--sibling-pid" => self.sibling = Some(number()),
            "--abstract" => self.abstract_name = text(),
            "--tcp" => self.tcp = Some(port()),
            "--udp" => self.udp = Some(port()),
            "--shm-key" => self.shm_key = Some(number()),
            "--shared-memory" => self.shared_memory = text(),
            "--queue" => self.queue = text(),
            "--key" => self.key = text(),
            "--only" => self.only = Some(names()),
            "--except" => self.except = names(),
            _ => panic!("{option}: is no option"),
        }
    }

    /// Whether an attempt is to be made.
    pub(crate) fn selects(&self, area: &str, name: &str) -> bool {
        let among = |names: &[String]| names.iter().any(|n| n == area || n == name);
        self.only.as_deref().is_none_or(among) && !among(&self.except)
    }

    /// A file outside, from the root.
    pub(crate) fn outside(&self, name: &str) -> Option<PathBuf> {
        Some(self.outside.as_ref()?.join(name))
    }

    /// A file in the preopen for reading and writing.
    pub(crate) fn inside(&self, name: &str) -> Option<PathBuf> {
        Some(self.inside.as_ref()?.join(name))
    }

    /// A file outside, by a path that first climbs as high as it can.
    pub(crate) fn upwards(&self, name: &str) -> Option<PathBuf> {
        let outside = self.outside(name)?;
        let mut path: PathBuf = std::iter::repeat_n("..", 64).collect();
        path.push(outside.strip_prefix("/").unwrap_or(&outside));
        Some(path)
    }

    /// A name that the child would not know unless something told it: that of
    /// the directory in which the host keeps the one outside.
    pub(crate) fn telltale(&self) -> Option<&[u8]> {
        Some(self.outside.as_ref()?.parent()?.file_name()?.as_bytes())
    }
}

/// A path as the kernel takes it.
pub(crate) fn c(path: impl AsRef<Path>) -> CString {
    CString::new(path.as_ref().as_os_str().as_bytes()).expect("arguments hold no NUL")
}
