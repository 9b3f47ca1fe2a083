//! A small host to try policies on: programs that nobody runs, and a guest's directory.

use offspring_policy::{
    BoundPolicy, Denial, DenialCode, ParsedPolicy, PinnedPolicy, PolicyError, Preopen,
    ProgramRequest, SpawnPlan, SpawnRequest,
};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

/// Directories `bin`, with the programs `git`, `tool` and `sh`, and `guest`, which is empty.
pub struct Host {
    root: TempDir,
}

impl Host {
    pub fn new() -> Self {
        let host = Self {
            root: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(host.path("guest")).unwrap();
        fs::create_dir(host.path("bin")).unwrap();
        for name in ["git", "tool", "sh"] {
            host.program(&format!("bin/{name}"), b"\x7fELF");
        }
        host
    }

    /// A path with every link resolved.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(path)
    }

    /// Writes an executable file.
    pub fn program(&self, path: &str, content: &[u8]) -> PathBuf {
        let path = self.path(path);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Reads and pins a policy. `confinement` and the search path are given.
    pub fn pin(&self, text: &str) -> Result<PinnedPolicy, PolicyError> {
        let text = format!("confinement = \"namespace\"\n{text}");
        ParsedPolicy::parse(&text, "policy.toml")?.pin_with_search_path(self.path("bin").as_ref())
    }

    /// The directory `guest` as a preopen.
    pub fn preopen(&self, guest: &str, writable: bool) -> Preopen {
        Preopen {
            guest: guest.to_owned(),
            host: self.path("guest"),
            writable,
        }
    }

    /// Reads, pins and binds a policy for a guest whose one directory is `.`.
    pub fn bound(&self, text: &str) -> BoundPolicy {
        self.pin(text)
            .unwrap()
            .bind(&[self.preopen(".", true)])
            .unwrap()
    }
}

/// A request for a program with arguments.
pub fn request(words: &[&str]) -> SpawnRequest {
    let (program, args) = words.split_first().unwrap();
    let mut request = SpawnRequest::new(ProgramRequest::Named((*program).to_owned()));
    request.args = args.iter().map(|word| word.as_bytes().to_vec()).collect();
    request
}

/// A request with variables too.
pub fn request_with_env(words: &[&str], env: &[(&str, &str)]) -> SpawnRequest {
    let mut request = request(words);
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), value.as_bytes().to_vec());
    request.env = env.iter().map(pair).collect();
    request
}

/// What a guest is told of a refused request.
pub fn code(decision: Result<SpawnPlan, Denial>) -> DenialCode {
    decision.expect_err("the request was allowed").code()
}

/// What a guest is told of a request that may be allowed.
pub fn code_of(policy: &BoundPolicy, request: SpawnRequest) -> Option<DenialCode> {
    policy.authorize(&request).err().map(|denial| denial.code())
}

/// A rule for `tool`, which is at `path` beneath the host's root.
pub fn tool_at(host: &Host, path: &str) -> Result<PinnedPolicy, PolicyError> {
    tool_with(host, path, "")
}

/// The same, with one more line.
pub fn tool_with(host: &Host, path: &str, line: &str) -> Result<PinnedPolicy, PolicyError> {
    let path = host.path(path);
    host.pin(&format!(
        "[[program]]\nname = \"tool\"\npath = {path:?}\nargs = [[]]\n{line}"
    ))
}
