//! Messages out of thin air.

use crate::wire::{
    Failure, Limits, Network, Pinned, Place, Processes, Reply, Request, Rights, Spawn, Step,
    Stream, Tier, Usage, World,
};
use arbitrary::{Arbitrary, Result, Unstructured};

macro_rules! record {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl<'a> Arbitrary<'a> for $name {
            fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
                Ok(Self { $($field: input.arbitrary()?),* })
            }
        }
    };
}

macro_rules! choice {
    ($name:ident { $($case:ident $(($value:ident))? $({ $($field:ident),* })?,)* }) => {
        impl<'a> Arbitrary<'a> for $name {
            fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
                // A case that is not listed here does not compile.
                let _ = |it: &Self| match it {
                    $(Self::$case { .. } => {})*
                };
                let cases: &[fn(&mut Unstructured<'a>) -> Result<Self>] = &[
                    $(|_input| {
                        $(let $value = _input.arbitrary()?;)?
                        $($(let $field = _input.arbitrary()?;)*)?
                        Ok(Self::$case $(($value))? $({ $($field),* })?)
                    }),*
                ];
                input.choose(cases)?(input)
            }
        }
    };
}

record!(World {
    tier,
    network,
    processes,
    tmp,
    proc,
    directories,
    runtime,
    links,
    files,
});
record!(Place {
    host,
    name,
    seen,
    directory,
    rights,
});
record!(Spawn {
    child,
    program,
    script,
    args,
    env,
    cwd,
    stdio,
    extra,
    session,
    umask,
    limits,
});
record!(Limits {
    cpu,
    memory,
    file_size,
    open_files,
});
record!(Processes { most, required });
record!(Pinned {
    path,
    file,
    size,
    modified,
    changed,
});
record!(Failure { step, errno, what });
record!(Usage {
    user_micros,
    system_micros,
    peak_memory,
});

choice!(Request {
    World(world),
    Spawn(spawn),
    Signal { child, number, group },
    End { child },
});
choice!(Reply {
    Born,
    Ready,
    Failed(failure),
    Started { child, id },
    Refused { child, failure },
    Exited { child, status, usage, left },
    Gone { child },
});
choice!(Tier {
    Namespace,
    Landlock,
});
choice!(Network {
    None,
    Connect(ports),
    Host,
});
choice!(Rights {
    Read,
    Execute,
    Write,
    WriteExecute,
    Device,
});
choice!(Stream {
    Null,
    Descriptor,
    File { directory, path, flags, offset, seen },
    Stdout,
});
choice!(Step {
    Message,
    Unshare,
    MapUser,
    Fork,
    MountTree,
    Mount,
    Pivot,
    Privileges,
    Landlock,
    Seccomp,
    Bound,
    Proof,
    Stdin,
    Stdout,
    Stderr,
    Cwd,
    Program,
    Prepare,
    Execute,
});
