//! `offspring policy explain`.

use super::load::load;
use crate::args::{DirectoryArg, ExplainArgs};
use crate::exit;
use anyhow::{Result, bail};
use offspring_policy::{ProgramRequest, SpawnRequest};
use std::ffi::OsStr;

pub(super) fn explain(args: &ExplainArgs) -> Result<i32> {
    let request = request(args)?;
    let preopens: Vec<_> = args.directories.iter().map(DirectoryArg::preopen).collect();
    let policy = load(&args.file)?;
    let bound = match preopens.as_slice() {
        [] => policy.without_guest(),
        preopens => policy.bind(preopens)?,
    };
    let explanation = bound.explain(&request);
    print!("{explanation}");
    Ok(match explanation.outcome {
        Ok(_) => 0,
        Err(_) => exit::REFUSED,
    })
}

/// What a guest would ask for.
fn request(args: &ExplainArgs) -> Result<SpawnRequest> {
    let words = || args.command.iter().map(|word| bytes(word));
    let mut request = if args.shell {
        let words: Vec<_> = words().collect();
        SpawnRequest::new(ProgramRequest::Shell(words.join(&b' ')))
    } else {
        let name = args.command.first().and_then(|name| name.to_str());
        let Some(name) = name else {
            bail!("the program's name is not UTF-8");
        };
        let mut request = SpawnRequest::new(ProgramRequest::Named(name.to_owned()));
        request.args = words().skip(1).collect();
        request
    };
    request.cwd.clone_from(&args.cwd);
    let variables = args.variables.iter().cloned();
    request.env = variables
        .map(|variable| (variable.name, variable.value.into()))
        .collect();
    Ok(request)
}

fn bytes(word: &OsStr) -> Vec<u8> {
    word.as_encoded_bytes().to_vec()
}
