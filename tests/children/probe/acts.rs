//! What can be done to a file and to a directory by their paths. Each act takes
//! back what it did, or changes nothing that was not so before.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use super::given::c;
use super::outcome::{Failure, Outcome};
use super::sys::{self, Word, call, open};

/// A directory that holds the file `file` and the directory `sub`.
pub(crate) struct Place(pub(crate) PathBuf);

/// The name of an act, and the act.
pub(crate) type Act = (&'static str, fn(&Place) -> Outcome);

/// The working directory, where a call asks for one.
const HERE: i32 = libc::AT_FDCWD;

/// The number of `setxattrat`, on the architectures that number alike.
const SETXATTRAT: i64 = 463;

impl Place {
    fn file(&self) -> PathBuf {
        self.0.join("file")
    }

    fn sub(&self) -> PathBuf {
        self.0.join("sub")
    }

    /// A name that nothing has.
    fn made(&self) -> PathBuf {
        self.0.join("made-by-probe")
    }
}

/// What can be done to a file and to a directory.
pub(crate) const ACTS: &[Act] = &[
    ("stat", |at| fs::metadata(at.file()).into()),
    ("exists", |at| {
        call!(libc::SYS_faccessat, HERE, &c(at.file()), libc::F_OK).into()
    }),
    ("access-to-read", |at| {
        call!(libc::SYS_faccessat, HERE, &c(at.file()), libc::R_OK).into()
    }),
    ("access-to-write", |at| {
        call!(libc::SYS_faccessat, HERE, &c(at.file()), libc::W_OK).into()
    }),
    ("open-path", |at| opened(&at.file(), libc::O_PATH).into()),
    ("read", |at| fs::read(at.file()).into()),
    ("write", |at| opened(&at.file(), libc::O_WRONLY).into()),
    ("read-and-write", |at| {
        opened(&at.file(), libc::O_RDWR).into()
    }),
    ("truncate", |at| truncate(&at.file())),
    ("chmod", |at| {
        call!(libc::SYS_fchmodat, HERE, &c(at.file()), mode(&at.file())).into()
    }),
    ("chmod-2", |at| {
        let file = c(at.file());
        call!(libc::SYS_fchmodat2, HERE, &file, mode(&at.file()), 0).into()
    }),
    ("chmod-directory", |at| {
        call!(libc::SYS_fchmodat, HERE, &c(&at.0), mode(&at.0)).into()
    }),
    ("chown", |at| chown(&at.file())),
    ("touch", |at| touch(&at.file())),
    ("set-attribute", |at| set_attribute(&at.file())),
    ("set-attribute-at", |at| set_attribute_at(&at.file())),
    ("list-attributes", |at| {
        call!(libc::SYS_listxattr, &c(at.file()), 0, 0).into()
    }),
    ("statfs", |at| {
        let mut answer = [0_u64; 32];
        call!(libc::SYS_statfs, &c(at.file()), Word::to(&mut answer)).into()
    }),
    ("watch", |at| watch(&at.file())),
    ("watch-directory", |at| watch(&at.0)),
    ("mark", |at| mark(&at.file())),
    ("handle", |at| handle(&at.file())),
    ("list", |at| Outcome::names(list(&at.0))),
    ("enter", |at| std::env::set_current_dir(&at.0).into()),
    ("create", |at| {
        let new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(at.made());
        undone(new, || fs::remove_file(at.made()))
    }),
    ("create-nameless", |at| {
        opened(&at.0, libc::O_TMPFILE | libc::O_WRONLY).into()
    }),
    ("create-directory", |at| {
        undone(fs::create_dir(at.made()), || fs::remove_dir(at.made()))
    }),
    ("create-pipe", |at| {
        let made = call!(
            libc::SYS_mknodat,
            HERE,
            &c(at.made()),
            libc::S_IFIFO | 0o600,
            0
        );
        undone(made, || fs::remove_file(at.made()))
    }),
    ("link-symbolically", |at| {
        let made = std::os::unix::fs::symlink("file", at.made());
        undone(made, || fs::remove_file(at.made()))
    }),
    ("link", |at| {
        undone(fs::hard_link(at.file(), at.made()), || {
            fs::remove_file(at.made())
        })
    }),
    ("rename", |at| {
        undone(fs::rename(at.file(), at.made()), || {
            fs::rename(at.made(), at.file())
        })
    }),
    ("rename-directory", |at| {
        undone(fs::rename(at.sub(), at.made()), || {
            fs::rename(at.made(), at.sub())
        })
    }),
    // Whether something of this name may be deleted is settled before its kind is.
    ("delete-file", |at| {
        let deleted = call!(libc::SYS_unlinkat, HERE, &c(at.sub()), 0);
        Outcome::past(deleted, &[Errno::EISDIR])
    }),
    ("delete-directory", |at| {
        let deleted = call!(libc::SYS_unlinkat, HERE, &c(at.file()), libc::AT_REMOVEDIR);
        Outcome::past(deleted, &[Errno::ENOTDIR])
    }),
];

/// The outcome of making something that `undo` takes away again.
pub(crate) fn undone<T, E>(made: Result<T, E>, undo: impl FnOnce() -> io::Result<()>) -> Outcome
where
    Outcome: From<Result<T, E>>,
{
    if made.is_err() {
        return made.into();
    }
    match undo() {
        Ok(()) => made.into(),
        Err(error) => Outcome::value(format!("allowed, and stayed: {}", error.kind())),
    }
}

/// Opens a file, and waits for nobody.
pub(crate) fn opened(path: &Path, flags: i32) -> Result<OwnedFd, Errno> {
    let flags = flags | libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOCTTY;
    open!(libc::SYS_openat, HERE, &c(path), flags, 0o600)
}

/// The names in a directory.
pub(crate) fn list(directory: &Path) -> io::Result<Vec<String>> {
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into());
    fs::read_dir(directory)?.map(name).collect()
}

/// What a file's mode already is, so that setting it changes nothing.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).map_or(0o644, |m| m.mode() & 0o7777)
}

/// Cuts a file to the size that it has, and to the time.
fn truncate(path: &Path) -> Outcome {
    let before = fs::metadata(path);
    let size = before.as_ref().map_or(0, |m| m.len());
    let cut = call!(libc::SYS_truncate, &c(path), size);
    if let (Ok(_), Ok(before)) = (&cut, before) {
        let _ = touch_to(path, [before.mtime(), before.mtime_nsec()]);
    }
    cut.into()
}

fn chown(path: &Path) -> Outcome {
    let user = fs::metadata(path).map_or_else(|_| sys::user() as u32, |m| m.uid());
    call!(libc::SYS_fchownat, HERE, &c(path), user, -1, 0).into()
}

fn touch(path: &Path) -> Outcome {
    let modified = fs::metadata(path).map_or([1, 0], |m| [m.mtime(), m.mtime_nsec()]);
    touch_to(path, modified).into()
}

fn touch_to(path: &Path, modified: [i64; 2]) -> Result<i64, Errno> {
    let times = [[0, libc::UTIME_OMIT], modified];
    let (here, times) = (libc::AT_FDCWD, Word::at(&times));
    call!(libc::SYS_utimensat, here, &c(path), times, 0)
}

fn set_attribute(path: &Path) -> Outcome {
    let (path, name) = (c(path), c"user.made-by-probe");
    let set = call!(libc::SYS_setxattr, &path, name, Word::at(b"x"), 1, 0);
    undone(set, || {
        Ok(call!(libc::SYS_removexattr, &path, name).map(drop)?)
    })
}

fn set_attribute_at(path: &Path) -> Outcome {
    let (path, name) = (c(path), c"user.made-by-probe");
    let value = b"x";
    let arguments = [value.as_ptr().expose_provenance() as u64, 1];
    let set = call!(SETXATTRAT, HERE, &path, 0, name, Word::at(&arguments), 16);
    undone(set, || {
        Ok(call!(libc::SYS_removexattr, &path, name).map(drop)?)
    })
}

fn watch(path: &Path) -> Outcome {
    let events = match open!(libc::SYS_inotify_init1, libc::IN_CLOEXEC) {
        Ok(events) => events,
        Err(errno) => return Outcome::Refused(errno),
    };
    let added = call!(
        libc::SYS_inotify_add_watch,
        &events,
        &c(path),
        libc::IN_ALL_EVENTS
    );
    added.into()
}

fn mark(path: &Path) -> Outcome {
    let events = match open!(libc::SYS_fanotify_init, libc::FAN_REPORT_FID, 0) {
        Ok(events) => events,
        Err(errno) => return Outcome::Refused(errno),
    };
    let (add, modify) = (libc::FAN_MARK_ADD, libc::FAN_MODIFY);
    call!(
        libc::SYS_fanotify_mark,
        &events,
        add,
        modify,
        HERE,
        &c(path)
    )
    .into()
}

fn handle(path: &Path) -> Outcome {
    let mut handle = [0_u32; 34];
    handle[0] = 128;
    let (mut mount, flags) = (0_i32, 0);
    let (to, id) = (Word::to(&mut handle), Word::to(&mut mount));
    call!(libc::SYS_name_to_handle_at, HERE, &c(path), to, id, flags).into()
}

/// Reads a file, for those who ask whether a path leads to it.
pub(crate) fn read(path: &Path) -> Outcome {
    File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .and_then(|mut file| io::copy(&mut file, &mut io::sink()))
        .into()
}

/// The outcome, or what stood before it.
pub(crate) fn after<T>(
    before: Result<T, impl Failure>,
    then: impl FnOnce(T) -> Outcome,
) -> Outcome {
    match before {
        Ok(value) => then(value),
        Err(error) => Err::<(), _>(error).into(),
    }
}

/// A directory, for calls that start there.
pub(crate) fn directory(path: &Path) -> Result<OwnedFd, Errno> {
    opened(path, libc::O_DIRECTORY | libc::O_PATH)
}
