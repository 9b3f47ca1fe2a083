//! Requests out of thin air, most of them made of words that mean something to the policy.

use crate::world::World;
use arbitrary::{Arbitrary, Result, Unstructured};
use offspring_policy::{
    ExtraPipe, FileIdentity, FileMode, FilePlan, GuestPath, Identity, ProgramRequest, SpawnRequest,
    StdioRequest,
};
use std::time::Duration;

const PROGRAMS: &[&str] = &[
    "tool", "free", "report", "plain", "sh", "", "./tool", "/bin/sh", "tool\0", "Tool", "tool ",
];
const ARGUMENTS: &[&str] = &[
    "--n=12",
    "word",
    "one",
    "two",
    "abc",
    "abcde",
    "--in=a/b.txt",
    "--in=../b.txt",
    "--",
    "-x",
    "a/b",
    "../a",
    "a/../..",
    "/offered/x",
    "/offered/inner/../../x",
    "/etc/passwd",
    "host:x",
    "get",
    "a:1",
    "a:b:22",
    "put",
    "",
    "@file",
    "+x",
    "a\nb",
    "\u{85}",
    "a\0b",
    "2026",
    "-c",
    ".",
    "..",
    "123456789012345678901",
    "é",
];
/// Arguments that have a shape of the policy, or nearly.
const LINES: &[&[&str]] = &[
    &[],
    &["--n=12", "word"],
    &["one", "abc", "f"],
    &["--in=a/b.txt"],
    &["--", "a/b", "/offered/x"],
    &["get", "a:b:22"],
    &["put", "a", "b", "-x"],
    &["2026"],
    &["--n=-1", "word"],
    &["--", "../x"],
    &["put"],
];
const KEYS: &[&str] = &[
    "LANG",
    "TZ",
    "MODE",
    "PATH",
    "LD_PRELOAD",
    "HOME",
    "",
    "A=B",
    "LANG\0",
    "lang",
    "LANG ",
];
const PATHS: &[&str] = &[
    ".",
    "",
    "a",
    "logs",
    "/logs/x",
    "logs/../..",
    "logs/..",
    "/offered",
    "/offered/inner/x",
    "offered/x",
    "/offered/../x",
    "..",
    "/",
    "a//./b",
    "/offered/innermost",
    "a\0",
    "../logs",
    "/offered/inner/..",
];

/// A request.
pub fn request(input: &mut Unstructured<'_>, world: &World) -> Result<SpawnRequest> {
    let program = if one_in(input, 6)? {
        ProgramRequest::Shell(bytes(input)?)
    } else {
        ProgramRequest::Named(text(input, PROGRAMS)?)
    };
    let mut request = SpawnRequest::new(program);
    request.args = match one_in(input, 2)? {
        true => list(input, bytes)?,
        false => {
            let line = input.choose(LINES)?;
            line.iter().map(|word| word.as_bytes().to_vec()).collect()
        }
    };
    bulk(input, &mut request.args)?;
    request.env = list(input, |input| Ok((text(input, KEYS)?, bytes(input)?)))?;
    if one_in(input, 4)? {
        request.arg0 = Some(match one_in(input, 2)? {
            true => text(input, PROGRAMS)?.into_bytes(),
            false => bytes(input)?,
        });
    }
    request.cwd = maybe(input, |input| path(input, world))?;
    request.stdin = stream(input, world)?;
    request.stdout = stream(input, world)?;
    request.stderr = stream(input, world)?;
    request.extra_pipes = match one_in(input, 4)? {
        true => list(input, pipe)?,
        false => Vec::new(),
    };
    request.pipe_size = maybe(input, u32::arbitrary)?;
    request.deadline = maybe(input, duration)?;
    request.idle = maybe(input, duration)?;
    request.drain = maybe(input, duration)?;
    request.new_session = input.arbitrary()?;
    request.umask = maybe(input, u32::arbitrary)?;
    request.user = seldom(input, identity)?;
    request.group = seldom(input, identity)?;
    request.extra_groups = seldom(input, |input| list(input, identity))?;
    Ok(request)
}

fn text(input: &mut Unstructured<'_>, words: &[&str]) -> Result<String> {
    if one_in(input, 5)? {
        return input.arbitrary();
    }
    Ok((*input.choose(words)?).to_owned())
}

fn bytes(input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    match input.int_in_range(0..=9)? {
        8 => input.arbitrary(),
        // Around what the kernel refuses.
        9 => Ok(vec![b'a'; input.int_in_range(131_060..=131_080)?]),
        _ => Ok(text(input, ARGUMENTS)?.into_bytes()),
    }
}

/// Sometimes as many arguments as the kernel refuses, or nearly.
fn bulk(input: &mut Unstructured<'_>, args: &mut Vec<Vec<u8>>) -> Result<()> {
    let (count, size) = match input.int_in_range(0..=255)? {
        254 => (input.int_in_range(131_070..=131_075)?, 0),
        255 => (
            input.int_in_range(14..=17)?,
            input.int_in_range(126_900..=127_000)?,
        ),
        _ => return Ok(()),
    };
    args.resize(count, vec![b'a'; size]);
    Ok(())
}

fn path(input: &mut Unstructured<'_>, world: &World) -> Result<String> {
    let same = world.directories.iter().find(|it| it.same_on_host);
    match same {
        Some(same) if one_in(input, 3)? => Ok(format!("{}/{}", same.name, text(input, PATHS)?)),
        _ => text(input, PATHS),
    }
}

fn stream(input: &mut Unstructured<'_>, world: &World) -> Result<StdioRequest> {
    Ok(match input.int_in_range(0..=9)? {
        0 => StdioRequest::Pipe,
        1 => StdioRequest::Inherit,
        2 => StdioRequest::Stdout,
        3 => StdioRequest::Joined,
        4..=6 => StdioRequest::File {
            path: path(input, world)?,
            mode: mode(input)?,
            offset: input.arbitrary()?,
        },
        7 => StdioRequest::OpenFile(FilePlan {
            // The host says where an open file is, so there is nothing strange about the path.
            at: GuestPath {
                preopen: input.int_in_range(0..=5)?,
                path: (*input.choose(&[".", "a", "a/b"])?).to_owned(),
            },
            seen: Some(FileIdentity {
                device: input.arbitrary()?,
                inode: input.arbitrary()?,
            }),
            mode: mode(input)?,
            offset: input.arbitrary()?,
        }),
        _ => StdioRequest::Null,
    })
}

fn mode(input: &mut Unstructured<'_>) -> Result<FileMode> {
    let modes = [
        FileMode::Read,
        FileMode::Write,
        FileMode::Truncate,
        FileMode::Append,
        FileMode::CreateNew,
        FileMode::ReadWrite,
    ];
    input.choose(&modes).copied()
}

fn pipe(input: &mut Unstructured<'_>) -> Result<ExtraPipe> {
    let fd = match one_in(input, 8)? {
        true => input.arbitrary()?,
        false => input.int_in_range(2..=257)?,
    };
    Ok(ExtraPipe {
        fd,
        from_child: input.arbitrary()?,
    })
}

fn duration(input: &mut Unstructured<'_>) -> Result<Duration> {
    Ok(match one_in(input, 3)? {
        true => Duration::new(input.arbitrary()?, input.int_in_range(0..=999_999_999)?),
        false => Duration::from_millis(input.arbitrary::<u16>()?.into()),
    })
}

fn identity(input: &mut Unstructured<'_>) -> Result<Identity> {
    Ok(match one_in(input, 2)? {
        true => Identity::Id(input.arbitrary()?),
        false => Identity::Name(input.arbitrary()?),
    })
}

/// Once in so many times, and never where the input has come to its end: then the rest of a request
/// is plain.
fn one_in(input: &mut Unstructured<'_>, times: u32) -> Result<bool> {
    Ok(!input.ratio(times - 1, times)?)
}

fn list<T>(
    input: &mut Unstructured<'_>,
    item: impl Fn(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let count = match one_in(input, 16)? {
        true => input.int_in_range(0..=20)?,
        false => input.int_in_range(0..=3)?,
    };
    (0..count).map(|_| item(input)).collect()
}

fn maybe<'a, T>(
    input: &mut Unstructured<'a>,
    value: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    one_in(input, 2)?.then(|| value(input)).transpose()
}

fn seldom<'a, T>(
    input: &mut Unstructured<'a>,
    value: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    one_in(input, 8)?.then(|| value(input)).transpose()
}
