//! Whether a request is well-formed, before any rule is asked.

use crate::DenialReason;
use crate::defaults::{
    ARGUMENT_BYTES, ARGUMENTS, EXTRA_PIPE_FD, EXTRA_PIPES, POINTER_BYTES, TOTAL_BYTES,
};
use crate::request::{Identity, Part, ProgramRequest, SpawnRequest, StdioRequest};

/// Checks a request's form and size. Nothing is copied, so what is too big costs nothing.
pub(crate) fn check(request: &SpawnRequest) -> Result<(), DenialReason> {
    program(&request.program)?;
    let count = request.args.len();
    if count > ARGUMENTS {
        return Err(DenialReason::TooMany {
            part: Part::Arguments,
            count,
            most: ARGUMENTS,
        });
    }
    request
        .arg0
        .iter()
        .chain(&request.args)
        .try_for_each(|text| argument(text))?;
    request
        .env
        .iter()
        .try_for_each(|(key, value)| variable(key, value))?;
    let size = Size::default()
        .arguments(&request.arg0)
        .arguments(&request.args);
    let size = match &request.program {
        ProgramRequest::Named(_) => size,
        ProgramRequest::Shell(line) => size.arguments([line]),
    };
    size.variables(&request.env).check()?;
    if let Some(cwd) = &request.cwd {
        without_nul(cwd.as_bytes(), Part::WorkingDirectory)?;
    }
    for (stream, part) in [
        (&request.stdin, Part::Stdin),
        (&request.stdout, Part::Stdout),
        (&request.stderr, Part::Stderr),
    ] {
        if let StdioRequest::File { path, .. } = stream {
            without_nul(path.as_bytes(), part)?;
        }
    }
    extra_pipes(request)?;
    identities(request)
}

/// What the kernel counts of arguments and environment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Size(usize);

impl Size {
    /// With these arguments.
    pub(crate) fn arguments<'a>(self, texts: impl IntoIterator<Item = &'a Vec<u8>>) -> Self {
        texts
            .into_iter()
            .fold(self, |size, text| size.string(text.len()))
    }

    /// With these variables.
    pub(crate) fn variables<'a>(
        self,
        env: impl IntoIterator<Item = &'a (String, Vec<u8>)>,
    ) -> Self {
        let lengths = env
            .into_iter()
            .map(|(key, value)| key.len() + 1 + value.len());
        lengths.fold(self, Self::string)
    }

    fn string(self, bytes: usize) -> Self {
        Self(self.0.saturating_add(bytes + 1 + POINTER_BYTES))
    }

    /// Whether the kernel takes that much.
    pub(crate) fn check(self) -> Result<(), DenialReason> {
        if self.0 > TOTAL_BYTES {
            return Err(DenialReason::TooBig { bytes: self.0 });
        }
        Ok(())
    }
}

fn program(program: &ProgramRequest) -> Result<(), DenialReason> {
    match program {
        ProgramRequest::Named(name) if name.is_empty() => Err(DenialReason::NoName),
        ProgramRequest::Named(name) => without_nul(name.as_bytes(), Part::Program),
        ProgramRequest::Shell(line) => argument(line),
    }
}

fn argument(text: &[u8]) -> Result<(), DenialReason> {
    let bytes = text.len() + 1;
    if bytes > ARGUMENT_BYTES {
        return Err(DenialReason::TooLong {
            part: Part::Arguments,
            bytes,
        });
    }
    without_nul(text, Part::Arguments)
}

fn variable(key: &str, value: &[u8]) -> Result<(), DenialReason> {
    let bytes = key.len() + 1 + value.len() + 1;
    if bytes > ARGUMENT_BYTES {
        return Err(DenialReason::TooLong {
            part: Part::Environment,
            bytes,
        });
    }
    if key.is_empty() || key.contains('=') {
        return Err(DenialReason::BadKey(key.to_owned()));
    }
    without_nul(key.as_bytes(), Part::Environment)?;
    without_nul(value, Part::Environment)
}

fn without_nul(text: &[u8], part: Part) -> Result<(), DenialReason> {
    if text.contains(&0) {
        return Err(DenialReason::Nul(part));
    }
    Ok(())
}

fn extra_pipes(request: &SpawnRequest) -> Result<(), DenialReason> {
    let pipes = &request.extra_pipes;
    if pipes.len() > EXTRA_PIPES {
        let count = pipes.len();
        return Err(DenialReason::TooMany {
            part: Part::ExtraPipe,
            count,
            most: EXTRA_PIPES,
        });
    }
    for (index, pipe) in pipes.iter().enumerate() {
        let taken = pipes[..index].iter().any(|other| other.fd == pipe.fd);
        if taken || !(3..=EXTRA_PIPE_FD).contains(&pipe.fd) {
            return Err(DenialReason::BadDescriptor(pipe.fd));
        }
    }
    Ok(())
}

fn identities(request: &SpawnRequest) -> Result<(), DenialReason> {
    let groups = request.extra_groups.iter().flatten();
    let all = request.user.iter().chain(&request.group).chain(groups);
    all.into_iter().try_for_each(|identity| match identity {
        Identity::Id(_) => Ok(()),
        Identity::Name(name) => without_nul(name.as_bytes(), Part::Identity),
    })
}
