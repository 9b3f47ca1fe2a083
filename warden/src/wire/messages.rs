//! The messages, field by field.

use super::bytes::{Field, Item, letter};
use super::{
    Failure, Limits, Malformed, Network, Pinned, Place, Processes, Reply, Request, Rights, Spawn,
    Step, Stream, Tier, Usage, World,
};

macro_rules! message {
    ($name:ty) => {
        impl $name {
            /// The message as bytes.
            pub fn encode(&self) -> Vec<u8> {
                let mut bytes = Vec::new();
                self.put(&mut bytes);
                bytes
            }

            /// The message that `bytes` are.
            ///
            /// # Errors
            ///
            /// [`Malformed`] where they are none, or more than one.
            pub fn decode(mut bytes: &[u8]) -> Result<Self, Malformed> {
                let message = Self::take(&mut bytes)?;
                if bytes.is_empty() {
                    Ok(message)
                } else {
                    Err(Malformed)
                }
            }
        }
    };
}

message!(Request);
message!(Reply);

macro_rules! record {
    ($name:ident { $($field:ident),* }) => {
        impl Field for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }

            fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
                Ok(Self { $($field: Field::take(input)?),* })
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
    files
});
record!(Place {
    host,
    name,
    seen,
    directory,
    rights
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
    limits
});
record!(Limits {
    cpu,
    memory,
    file_size,
    open_files
});
record!(Processes { most, required });
record!(Pinned {
    path,
    file,
    size,
    modified,
    changed
});
record!(Failure { step, errno, what });
record!(Usage {
    user_micros,
    system_micros,
    peak_memory
});

impl Item for Place {}

macro_rules! choice {
    ($name:ident { $($letter:literal => $case:ident $(($($value:ident),*))? $({$($field:ident),*})?,)* }) => {
        impl Field for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$case $(($($value),*))? $({$($field),*})? => {
                        out.push($letter);
                        $($($value.put(out);)*)?
                        $($($field.put(out);)*)?
                    })*
                }
            }

            fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
                Ok(match letter(input)? {
                    $($letter => {
                        $($(let $value = Field::take(input)?;)*)?
                        $($(let $field = Field::take(input)?;)*)?
                        Self::$case $(($($value),*))? $({$($field),*})?
                    })*
                    _ => return Err(Malformed),
                })
            }
        }
    };
}

choice!(Request {
    b'W' => World(world),
    b'S' => Spawn(spawn),
    b'K' => Signal { child, number, group },
    b'E' => End { child },
});
choice!(Reply {
    b'B' => Born,
    b'R' => Ready,
    b'F' => Failed(failure),
    b'S' => Started { child, id },
    b'N' => Refused { child, failure },
    b'X' => Exited { child, status, usage, left },
    b'G' => Gone { child },
});
choice!(Tier {
    b'n' => Namespace,
    b'l' => Landlock,
});
choice!(Network {
    b'n' => None,
    b'c' => Connect(ports),
    b'h' => Host,
});
choice!(Rights {
    b'r' => Read,
    b'x' => Execute,
    b'w' => Write,
    b'a' => WriteExecute,
    b'd' => Device,
});
choice!(Stream {
    b'0' => Null,
    b'd' => Descriptor,
    b'f' => File { directory, path, flags, offset, seen },
    b'1' => Stdout,
});

impl Field for Step {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        let number = usize::from(letter(input)?);
        Self::ALL.get(number).copied().ok_or(Malformed)
    }
}

impl<T: Field> Field for [T; 3] {
    fn put(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|item| item.put(out));
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        Ok([T::take(input)?, T::take(input)?, T::take(input)?])
    }
}
