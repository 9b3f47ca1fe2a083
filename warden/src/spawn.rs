//! Starting a child.

use crate::beneath;
use crate::failure::{numbered, of};
use crate::limits;
use crate::mark::Marks;
use crate::sys::abi;
use crate::sys::process::{self, Failed, Start};
use crate::wire::{Failure, Spawn, Step, Stream};
use std::ffi::{CString, c_char, c_int};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::ptr;

/// The greatest number at which a child gets a descriptor; ours are moved above it where any but
/// the first three are given.
const HIGHEST_EXTRA: c_int = 255;

/// The names that errors about the standard streams go by.
const STREAMS: [Step; 3] = [Step::Stdin, Step::Stdout, Step::Stderr];

/// What a child gets as descriptors, opened.
pub struct Descriptors<'a> {
    null: BorrowedFd<'a>,
    /// For each standard stream what it is, where it is not the null device.
    stdio: [Option<OwnedFd>; 3],
    /// Whether standard error is what standard output is.
    merged: bool,
    extra: Vec<(OwnedFd, c_int)>,
}

impl<'a> Descriptors<'a> {
    /// Open the files, and give out the descriptors that came with the request.
    pub fn new(
        directories: &[OwnedFd],
        null: BorrowedFd<'a>,
        spawn: &Spawn,
        fds: Vec<OwnedFd>,
    ) -> Result<Self, Failure> {
        let mut fds = fds.into_iter();
        let mut stdio = [None, None, None];
        for ((place, stream), step) in stdio.iter_mut().zip(&spawn.stdio).zip(STREAMS) {
            *place = match stream {
                Stream::Null | Stream::Stdout => None,
                Stream::Descriptor => Some(fds.next().ok_or_else(|| malformed(step))?),
                Stream::File { .. } => Some(beneath::open_stream(directories, stream, step)?),
            };
        }
        let mut extra = Vec::new();
        for number in &spawn.extra {
            let fd = fds.next().ok_or_else(|| malformed(Step::Message))?;
            extra.push((above(fd.as_fd())?, *number));
        }
        if !extra.is_empty() {
            for fd in stdio.iter_mut().flatten() {
                *fd = above(fd.as_fd())?;
            }
        }
        Ok(Self {
            null,
            stdio,
            merged: spawn.stdio[2] == Stream::Stdout,
            extra,
        })
    }

    /// Which descriptor goes to which number.
    fn places(&self) -> Vec<(BorrowedFd<'_>, c_int)> {
        let stream = |index: usize| {
            let index = if index == 2 && self.merged { 1 } else { index };
            self.stdio[index].as_ref().map_or(self.null, OwnedFd::as_fd)
        };
        let standard = (0..3).map(|index| (stream(index), index as c_int));
        let extra = self.extra.iter().map(|(fd, number)| (fd.as_fd(), *number));
        standard.chain(extra).collect()
    }
}

fn malformed(step: Step) -> Failure {
    numbered(step, abi::EINVAL, "")
}

fn above(fd: BorrowedFd<'_>) -> Result<OwnedFd, Failure> {
    process::duplicate_above(fd, HIGHEST_EXTRA + 1).map_err(of(Step::Prepare, "descriptors"))
}

/// Start the child, and return its process number.
pub fn start(
    directories: &[OwnedFd],
    spawn: &Spawn,
    descriptors: &Descriptors<'_>,
    layer: Option<BorrowedFd<'_>>,
    marks: &Marks,
) -> Result<c_int, Failure> {
    let cwd = spawn
        .cwd
        .as_ref()
        .map(|at| beneath::open_cwd(directories, at))
        .transpose()?;
    let mut program = beneath::open_program(&spawn.program)?;
    if let Some(script) = &spawn.script {
        beneath::open_program(script)?;
    }
    let mut cwd = cwd;
    if !descriptors.extra.is_empty() {
        program = above(program.as_fd())?;
        cwd = cwd.map(|cwd| above(cwd.as_fd())).transpose()?;
    }
    let args = Texts::new(&spawn.args, Step::Execute)?;
    let env = Texts::new(&spawn.env, Step::Execute)?;
    let places = descriptors.places();
    let limits = limits::to_set(&spawn.limits).map_err(of(Step::Prepare, "limits"))?;
    let start = Start {
        session: spawn.session,
        umask: spawn.umask.unwrap_or(DEFAULT_UMASK),
        layer,
        // Without a namespace of processes, nothing else ends them if we are killed.
        tied_to: layer.is_some().then(process::own_id),
        mark: marks
            .of(spawn.child)
            .ok_or_else(|| malformed(Step::Message))?,
        secret: marks.secret(),
        limits: &limits,
        cwd: cwd.as_ref().map(OwnedFd::as_fd),
        descriptors: &places,
        program: program.as_fd(),
        args: &args.pointers,
        env: &env.pointers,
    };
    process::start(&start).map_err(|failed| match failed {
        Failed::Prepare(errno) => numbered(Step::Prepare, errno, ""),
        Failed::Execute(errno) => numbered(Step::Execute, errno, &spawn.program.path),
    })
}

/// The file mode creation mask that programs are used to.
pub const DEFAULT_UMASK: u32 = 0o022;

/// Texts as execve(2) wants them.
struct Texts {
    pointers: Vec<*const c_char>,
    /// What the pointers point to.
    _texts: Vec<CString>,
}

impl Texts {
    fn new(texts: &[Vec<u8>], step: Step) -> Result<Self, Failure> {
        let texts = texts
            .iter()
            .map(|text| CString::new(text.as_slice()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| malformed(step))?;
        let pointers = texts.iter().map(|text| text.as_ptr());
        Ok(Self {
            pointers: pointers.chain([ptr::null()]).collect(),
            _texts: texts,
        })
    }
}
