//! What stands around a child: what it is given, what it is not, and a host with much to lose.

use std::fs::{self, Permissions};
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use offspring_tests::{Told, child};
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::objects::Objects;

/// A tier, as the policy has it, and where its children find the guest's directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    Namespace,
    Landlock,
    None,
}

impl Tier {
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Landlock => "landlock",
            Self::None => "none",
        }
    }
}

/// Directories, sockets, objects and a process beside the host.
///
/// Everything lies in directories that no tier makes of its own, and that are nobody's home.
pub struct Stage {
    base: TempDir,
    programs: TempDir,
    sockets: Vec<UnixListener>,
    tcp: TcpListener,
    udp: UdpSocket,
    memory: PathBuf,
    pub objects: Objects,
    sibling: Child,
}

/// Where it lies: beneath no directory of programs, and not in `/tmp`, which a policy can replace.
const ROOM: &str = "/var/tmp";

impl Stage {
    pub fn new() -> Self {
        let directory = || {
            let made = tempfile::Builder::new()
                .prefix("offspring-")
                .tempdir_in(ROOM);
            made.expect("these tests need /var/tmp")
        };
        let (base, programs) = (directory(), directory());
        let at = |name: &str| base.path().join(name);
        for name in [
            "outside",
            "outside/sub",
            "readonly",
            "readonly/sub",
            "inside",
        ] {
            fs::create_dir(at(name)).expect("a directory can be made");
        }
        for (name, text, mode) in [
            ("outside/secret", "not for children\n", 0o600),
            ("outside/file", "not for children\n", 0o644),
            ("readonly/file", "to be read\n", 0o644),
        ] {
            fs::write(at(name), text).expect("a file can be written");
            let mode = Permissions::from_mode(mode);
            fs::set_permissions(at(name), mode).expect("a mode can be set");
        }
        copy_programs(programs.path());

        let name = base.path().file_name().expect("it has one");
        let abstract_name = SocketAddr::from_abstract_name(name.as_encoded_bytes());
        let listen = |address| UnixListener::bind_addr(&address).expect("a socket can be bound");
        let sockets = vec![
            UnixListener::bind(at("outside/unix.sock")).expect("a socket can be bound"),
            listen(abstract_name.expect("the name is short")),
        ];
        let memory = Path::new("/dev/shm").join(name);
        fs::write(&memory, "not for children\n").expect("these tests need /dev/shm");
        Self {
            sockets,
            tcp: TcpListener::bind("127.0.0.1:0").expect("a port is free"),
            udp: UdpSocket::bind("127.0.0.1:0").expect("a port is free"),
            memory,
            objects: Objects::new(),
            sibling: sibling(),
            base,
            programs,
        }
    }

    /// What the guest has.
    pub fn guest(&self, tier: Tier, grants: &str) -> Told {
        let readonly = self.base.path().join("readonly");
        let inside = self.base.path().join("inside");
        let directories = [
            (readonly.as_path(), "/readonly", FsPerms::ReadOnly),
            (inside.as_path(), "/inside", FsPerms::ReadWrite),
        ];
        let guest = Told::new(&self.policy(tier, grants), &directories);
        guest.expect("these tests need user namespaces, Landlock and seccomp")
    }

    fn policy(&self, tier: Tier, grants: &str) -> String {
        let programs = self.programs.path().display();
        let probe = self.programs.path().join("probe");
        let runtime = match tier {
            Tier::None => String::new(),
            _ => format!("runtime = [\"{programs}\"]"),
        };
        let grants = grants.replace("PORT", &self.tcp_port().to_string());
        format!(
            "confinement = {:?}\n\n[[program]]\nname = \"probe\"\npath = {probe:?}\n\
             args = [[\"{{any}}...\"]]\n{runtime}\n{grants}\n",
            tier.name(),
        )
    }

    /// The probe's options, where it runs in a tier.
    pub fn options(&self, tier: Tier) -> Vec<String> {
        let host = |name: &str| self.base.path().join(name).display().to_string();
        let guest = |name: &str| match tier {
            Tier::Namespace => format!("/{name}"),
            _ => host(name),
        };
        let name = self.base_name();
        let mut options = vec![
            ("--outside", host("outside")),
            ("--readonly", guest("readonly")),
            ("--inside", guest("inside")),
            ("--host-pid", std::process::id().to_string()),
            ("--sibling-pid", self.sibling.id().to_string()),
            ("--abstract", name.clone()),
            ("--tcp", self.tcp_port().to_string()),
            ("--udp", self.udp_port().to_string()),
            ("--shm-key", self.objects.key.to_string()),
            ("--shared-memory", name),
            ("--queue", self.objects.queue.clone()),
            ("--key", self.objects.secret.clone()),
        ];
        let privileged = self.programs.path().join("privileged");
        if privileged.exists() {
            options.push(("--privileged", privileged.display().to_string()));
        }
        let flat = |(option, value): (&str, String)| [option.to_owned(), value];
        options.into_iter().flat_map(flat).collect()
    }

    /// The names in this stage that are new each time, and what stands for each.
    pub fn names(&self) -> Vec<(String, &'static str)> {
        let programs = self.programs.path().file_name().expect("it has one");
        vec![
            (self.base_name(), "STAGE"),
            (programs.to_string_lossy().into_owned(), "PROGRAMS"),
        ]
    }

    fn base_name(&self) -> String {
        let name = self.base.path().file_name().expect("it has one");
        name.to_string_lossy().into_owned()
    }

    fn tcp_port(&self) -> u16 {
        self.tcp.local_addr().expect("it is bound").port()
    }

    fn udp_port(&self) -> u16 {
        self.udp.local_addr().expect("it is bound").port()
    }

    /// A directory or file of the host's.
    pub fn at(&self, name: &str) -> PathBuf {
        self.base.path().join(name)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.sockets.clear();
        let _ = fs::remove_file(&self.memory);
        let _ = self.sibling.kill();
        let _ = self.sibling.wait();
    }
}

/// The probe, and one that is set-uid to somebody else, which only the superuser can make.
fn copy_programs(directory: &Path) {
    let copy = |name: &str, mode: u32| {
        let path = directory.join(name);
        fs::copy(child!("probe"), &path).expect("a file can be copied");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("a mode can be set");
        path
    };
    copy("probe", 0o755);
    if own_user().0 == 0 {
        let path = copy("privileged", 0o755);
        chown(&path, Some(12345), Some(12345)).expect("the superuser can give files away");
        // Giving it away has taken the bits.
        fs::set_permissions(&path, Permissions::from_mode(0o6755)).expect("a mode can be set");
    }
}

/// A process that has nothing to do with any child. It waits until its input is closed.
#[expect(
    clippy::disallowed_methods,
    reason = "it is a process beside the host, which the host does not know of"
)]
fn sibling() -> Child {
    let mut command = Command::new(child!("sink"));
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    command.spawn().expect("the helper starts")
}

/// This process's user and group.
pub fn own_user() -> (u32, u32) {
    let own = fs::metadata("/proc/self").expect("these tests need /proc");
    (own.uid(), own.gid())
}
